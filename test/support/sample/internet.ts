import type { Random } from './prng.ts';

/** A server of the Internet that the company's people and machines use. */
export interface Site {
  readonly name: string;
  readonly registered: string;
  readonly address: string;
  readonly address6: string;
  readonly port: number;
  readonly path: string;
}

const NAMES: readonly (readonly [name: string, registered: string, path: string])[] = [
  ['www.example.com', 'example.com', '/news/index.html'],
  ['cdn.example.net', 'example.net', '/assets/app.4f1c.js'],
  ['api.example.org', 'example.org', '/v2/orders?page=3'],
  ['login.microsoftonline.com', 'microsoftonline.com', '/common/oauth2/token'],
  ['outlook.office365.com', 'office365.com', '/owa/service.svc'],
  ['settings-win.data.microsoft.com', 'microsoft.com', '/settings/v3.0/wsd'],
  ['ctldl.windowsupdate.com', 'windowsupdate.com', '/msdownload/update/v3/static/trustedr/en/authrootstl.cab'],
  ['fonts.gstatic.com', 'gstatic.com', '/s/roboto/v30/latin.woff2'],
  ['update.googleapis.com', 'googleapis.com', '/service/update2/json'],
  ['github.com', 'github.com', '/login'],
  ['registry.npmjs.org', 'npmjs.org', '/typescript'],
  ['security.ubuntu.com', 'ubuntu.com', '/ubuntu/dists/noble/InRelease'],
  ['deb.debian.org', 'debian.org', '/debian/dists/stable/InRelease'],
  ['www.wikipedia.org', 'wikipedia.org', '/wiki/Coal'],
  ['telemetry.example.com', 'example.com', '/collect'],
  ['mail.example.org', 'example.org', '/inbox'],
];

/** Addresses of 198.18.0.0/15 and 2001:db8::/32, kept for tests and documents (RFC 2544, 3849): nobody is accused. */
export const SITES: readonly Site[] = NAMES.map(([name, registered, path], i) => ({
  name,
  registered,
  address: `198.18.${i}.${10 + ((i * 37) % 240)}`,
  address6: `2001:db8:${i}::${10 + i}`,
  port: 443,
  path,
}));

/** What customers ask of our web servers. */
export const SHOP_PATHS = [
  '/',
  '/products/42',
  '/cart',
  '/api/orders',
  '/static/site.css',
  '/search?q=canary',
  '/login',
];

/** Names that only resemble mining: none of them may match. Each with its registered domain. */
export const LOOK_ALIKE_NAMES: readonly (readonly [name: string, registered: string])[] = [
  ['notminexmr.com', 'notminexmr.com'],
  ['minexmr.com.example.org', 'example.org'],
  ['pool.ntp.org', 'ntp.org'],
  ['2.debian.pool.ntp.org', 'ntp.org'],
  ['supportxmr.com.example.net', 'example.net'],
  ['mycoinhive.com', 'mycoinhive.com'],
];
/** Paths that hold words of mining. */
export const ORDINARY_WORDS = [
  '/apps/wallet/overview?tab=mining',
  '/blog/data-mining-with-connection-pool.html',
  '/careers/coal-mining-engineer',
  '/help/xmr-file-format',
];

/** One of some 65,000 outside clients. */
export function outsideAddress(random: Random): string {
  return `198.19.${random.below(256)}.${1 + random.below(254)}`;
}

/** Client ports: Windows takes them from 49152 up; clients outside from 46000 up. No lookup lists any of them. */
export function clientPort(random: Random): number {
  return 49_152 + random.below(16_383);
}

export function outsidePort(random: Random): number {
  return 46_000 + random.below(14_000);
}

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Microsoft-Delivery-Optimization/10.1',
  'curl/8.11.0',
];

export function userAgent(random: Random): string {
  return random.pick(AGENTS);
}
