/** The demo without Elasticsearch: the same sample in a file, and `minecanary scan` over it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { minecanary } from './cli.ts';
import { demoConfig, type Names } from './names.ts';
import { demoEvents } from './sample.ts';
import { countSources, type Document, type Shown, type Story, type StoryIncident } from './story.ts';

export interface OfflineStory {
  readonly story: Story;
  readonly end: Date;
  readonly config: string;
  /** Milliseconds that the scan took, start-up and all. */
  readonly took: number;
  readonly files: { readonly events: string; readonly tagged: string; readonly alerts: string };
}

interface Line {
  readonly _id: string;
  readonly _index: string;
  readonly _source: Document;
}

/** @param folder where the files are written; they stay. */
export async function tellOffline(names: Names, folder: string): Promise<OfflineStory> {
  const file = (name: string): string => join(folder, `${name}.ndjson`);
  const files = { events: file('events'), tagged: file('tagged'), alerts: file('alerts') };
  const end = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const config = demoConfig(names, () => folder);
  await pipeline(Readable.from(linesOf(names, end)), createWriteStream(files.events));
  const began = performance.now();
  const outputs = ['--out', files.tagged, '--alerts', files.alerts];
  const { found } = await minecanary<{ found: readonly StoryIncident[] }>([
    'scan',
    files.events,
    ...outputs,
    '--config',
    config,
  ]);
  const took = performance.now() - began;
  const { events, best } = await readTagged(files.tagged);
  const alerts: Document[] = [];
  for await (const line of readLines(files.alerts)) alerts.push(JSON.parse(line) as Document);
  const alert = highest(alerts);
  return {
    story: {
      sources: countSources(events),
      incidents: found,
      alerts: alerts.length,
      ...(best === undefined ? {} : { event: best }),
      ...(alert === undefined ? {} : { alert: { where: files.alerts, document: alert } }),
    },
    end,
    config,
    took,
    files,
  };
}

function* linesOf(names: Names, end: Date): Generator<string> {
  for (const { index, id, document } of demoEvents(names, end)) {
    yield `${JSON.stringify({ _index: index, _id: id, _source: document })}\n`;
  }
}

async function readTagged(file: string) {
  const events: { id: string; tagged: boolean }[] = [];
  let best: (Shown & { readonly score: number }) | undefined;
  for await (const line of readLines(file)) {
    const { _id: id, _source: document } = JSON.parse(line) as Line;
    const tag = document['minecanary'] as { score: number } | undefined;
    events.push({ id, tagged: tag !== undefined });
    if (tag !== undefined && tag.score > (best?.score ?? 0)) {
      best = { where: `${file}, ${id}`, document, score: tag.score };
    }
  }
  return { events, best };
}

function readLines(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function highest(alerts: readonly Document[]): Document | undefined {
  return [...alerts].sort((a, b) => riskOf(b) - riskOf(a))[0];
}

function riskOf(alert: Document): number {
  return (alert['event'] as { risk_score: number }).risk_score;
}
