import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importIntoKibana, type KibanaOutcome } from '../../src/setup/kibana.ts';
import { type Folder, temporaryFolder } from '../support/cli.ts';
import { makeCertificates } from '../support/secure/certificates.ts';
import { type TlsServer, tlsServer } from '../support/secure/tls-server.ts';

let folder: Folder;
let server: TlsServer;
let other: string;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await tlsServer(makeCertificates(folder.path, 'kibana'));
  other = makeCertificates(folder.path, 'other').ca;
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

function importBy(ca: string | undefined): Promise<KibanaOutcome> {
  const elasticsearch = { node: [], username: 'setup', password: 'secret-word', insecure: false };
  const config = { elasticsearch, kibana: { url: server.url } };
  return importIntoKibana({ config, ca, env: {}, dryRun: false });
}

describe('the certificate of Kibana', () => {
  test('is taken where the authority is named', async () => {
    const { changes } = await importBy(server.certificates.ca);
    expect(changes).toHaveLength(2);
    expect(server.requests).toEqual([
      'POST /api/saved_objects/_import?overwrite=true',
      'POST /api/detection_engine/rules/_import',
    ]);
  });

  test.each([
    ['no authority', () => undefined],
    ['another of the same name', () => other],
  ])('is refused with %s, and nothing is sent', async (_, ca) => {
    const before = server.requests.length;
    const told = importBy(ca()).catch(String);
    expect(await told).toMatch(/Importing saved objects into Kibana failed: \w*(?:CERT|SIGNATURE)/);
    expect(await told).not.toContain('secret-word');
    expect(server.requests).toHaveLength(before);
  });
});
