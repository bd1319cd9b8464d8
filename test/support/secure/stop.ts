import { stopSecureElasticsearch } from './elasticsearch.ts';

/** Jest's globalTeardown of the security tests. */
export default stopSecureElasticsearch;
