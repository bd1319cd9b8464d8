import { BUILD_SERVER, type Host, RESOLVER, SERVERS } from './company.ts';
import { type Dataset, envelope } from './envelope.ts';
import { SITES } from './internet.ts';
import type { Random } from './prng.ts';
import type { Document, Moment } from './types.ts';

/** A program and how it was started. */
export interface Program {
  readonly image: string;
  readonly commandLine: string;
  readonly parent: string;
}

const SYSTEM = 'C:\\Windows\\System32';
const EXPLORER = 'C:\\Windows\\explorer.exe';
export const CMD = `${SYSTEM}\\cmd.exe`;
const CHROME = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';

export const PROGRAMS: readonly Program[] = [
  { image: CHROME, commandLine: `"${CHROME}" --type=renderer --lang=en-GB`, parent: CHROME },
  { image: `${SYSTEM}\\svchost.exe`, commandLine: 'svchost.exe -k netsvcs -p', parent: `${SYSTEM}\\services.exe` },
  { image: `${SYSTEM}\\notepad.exe`, commandLine: 'notepad.exe C:\\Temp\\notes.txt', parent: EXPLORER },
  { image: `${SYSTEM}\\ipconfig.exe`, commandLine: 'ipconfig /all', parent: CMD },
  { image: `${SYSTEM}\\taskhostw.exe`, commandLine: 'taskhostw.exe', parent: `${SYSTEM}\\svchost.exe` },
];
export const BROWSER = PROGRAMS[0] as Program;

/** Programs whose names or arguments hold words of mining, and are not. */
export const LOOK_ALIKE_PROGRAMS: readonly Program[] = [
  { image: 'C:\\tools\\bin\\gcc.exe', commandLine: 'gcc -O2 -c pool.c -o pool.o', parent: CMD },
  { image: `${SYSTEM}\\rundll32.exe`, commandLine: 'rundll32.exe vboxmrxnp.dll,DllMain', parent: EXPLORER },
  { image: `${SYSTEM}\\w32tm.exe`, commandLine: 'w32tm /config /manualpeerlist:pool.ntp.org', parent: CMD },
  { image: 'C:\\tools\\bin\\node.exe', commandLine: 'node server.js --port=33330 --pool-size=3333', parent: CMD },
];

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Which channel and provider an event comes from. */
export interface Channel {
  readonly dataset: Dataset;
  readonly channel: string;
  readonly provider: string;
}

/** What every event of a Windows channel has. `event` adds to the event field set. */
export function windowsEvent(
  moment: Moment,
  { dataset, channel, provider }: Channel,
  host: Host,
  code: string,
  data: Document,
  event: Document = {},
): Document {
  return {
    ...envelope(moment, dataset, { code, kind: 'event', provider, ...event }),
    host: { name: host.name },
    log: { level: 'information' },
    winlog: {
      api: 'wineventlog',
      channel,
      computer_name: host.fqdn,
      event_data: data,
      event_id: code,
      provider_name: provider,
      record_id: String(moment.random.below(10_000_000)),
    },
  };
}

/** An ordinary far side of a connection: a site, or a server of ours. */
export function farSide(random: Random): { name: string; ip: string; port: number } {
  if (random.chance(0.6)) {
    const { name, address, port } = random.pick(SITES);
    return { name, ip: address, port };
  }
  const { fqdn, ip } = random.pick([...SERVERS, RESOLVER, BUILD_SERVER]);
  return { name: fqdn, ip, port: random.pick([53, 88, 389, 445]) };
}
