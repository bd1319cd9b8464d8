import { startSecureElasticsearch } from './elasticsearch.ts';

/** Jest's globalSetup of the security tests. */
export default startSecureElasticsearch;
