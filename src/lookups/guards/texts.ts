import type { Indicator, Kind } from '../../model/indicator.ts';
import { globTable } from '../tables/glob.ts';

/** Ports that the whole network uses: a row for one of them would match most of the traffic. */
const BUSY_PORTS: ReadonlySet<string> = new Set(
  `20 21 22 23 25 53 67 68 80 88 110 123 135 137 138 139 143 161 162 389 443 445 464 465 500 514 515 587 631 636 853 989
   990 993 995 1433 1521 3128 3268 3306 3389 4500 5060 5353 5355 5432 5985 5986 6379 8080 8443 9200`.split(/\s+/),
);

/** What runs on every host. */
const ORDINARY_PROCESSES: ReadonlySet<string> = new Set(
  `svchost.exe explorer.exe services.exe lsass.exe system cmd.exe powershell.exe pwsh.exe conhost.exe rundll32.exe
   chrome.exe firefox.exe msedge.exe outlook.exe excel.exe winword.exe teams.exe java.exe python.exe node.exe miner.exe
   sh bash zsh dash sudo systemd cron sshd java python python3 perl node docker containerd nginx curl wget kswapd0
   kdevtmpfs kworker miner`.split(/\s+/),
);

/** JSON-RPC methods of services that do not mine. */
const ORDINARY_METHODS: ReadonlySet<string> = new Set(
  `initialize ping subscribe unsubscribe authenticate authorize notify getinfo getblock getblockcount eth_call
   eth_blockNumber eth_chainId eth_getBalance eth_subscribe net_version tools.call`.split(/\s+/),
);

/** Texts that everybody's logs have: a pattern that matches one of them matches too much. */
const ORDINARY_TEXTS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  'command-line': [
    String.raw`C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`,
    String.raw`"C:\Program Files\Google\Chrome\Application\chrome.exe" --type=renderer --lang=en-US`,
    'powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\backup.ps1',
    '/usr/bin/python3 /usr/bin/unattended-upgrade',
    'java -Xmx4g -jar /opt/app/server.jar --spring.profiles.active=prod',
    'curl -s https://example.org/ -o page.html',
    'sh -c apt-get update',
    'gcc -O2 -c pool.c -o pool.o',
  ],
  'user-agent': [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'curl/8.5.0',
    'Wget/1.21.4',
    'python-requests/2.32.3',
    'Go-http-client/1.1',
    'Microsoft-CryptoAPI/10.0',
    'Debian APT-HTTP/1.3 (2.6.1)',
  ],
  signature: [
    'ET POLICY curl User-Agent Outbound',
    'ET INFO Observed DNS Query to .cloud TLD',
    'ET SCAN Suspicious inbound to mySQL port 3306',
    'GPL ICMP_INFO PING *NIX',
    'SURICATA STREAM Packet with invalid ack',
    'Potentially Bad Traffic',
    'Data Mining Bot Detected',
    'Medical Examiner Portal Access',
    'allow-outbound-web',
  ],
};

/** What is wrong with a row for a port, text, process or method, in one sentence; undefined if nothing is. */
export function textObjection(indicator: Indicator): string | undefined {
  const { kind, type, value } = indicator;
  if (kind === 'port' && BUSY_PORTS.has(value)) return `${value} is a port that everybody's traffic uses`;
  if (kind === 'process' && type === 'process' && ORDINARY_PROCESSES.has(value.toLowerCase())) {
    return `${value} is the name of a program that runs on many hosts`;
  }
  if (kind === 'payload' && indicator.params === undefined && ORDINARY_METHODS.has(value)) {
    return `${value} is a method of services that do not mine: say by \`params\` what a miner gives it`;
  }
  const texts = ORDINARY_TEXTS[kind];
  if (texts === undefined) return undefined;
  const table = globTable([indicator], kind === 'command-line' ? 'anywhere' : 'whole');
  const matched = texts.find((text) => table.find(text).length > 0);
  return matched === undefined ? undefined : `"${value}" matches too much, for example "${matched}"`;
}
