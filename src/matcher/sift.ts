import type { Tables } from '../lookups/compile.ts';
import { type LearnedTable, NOTHING_LEARNED } from '../lookups/learned.ts';
import { addressTable } from '../lookups/tables/address.ts';
import { domainTable } from '../lookups/tables/domain.ts';
import { globTable } from '../lookups/tables/glob.ts';
import { urlHost } from '../lookups/tables/url.ts';
import type { EventDocument } from '../model/event.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Policy } from '../model/policy.ts';
import { CATALOGUE, type CatalogueField, type FieldKind } from './catalogue.ts';
import { childOf, createPathTree, type PathNode, type Scalar } from './paths.ts';
import { type Reading, readValue } from './reading.ts';

/**
 * Tells quickly whether an event may match, from each of its values alone: never no where the matcher would say yes.
 * Most events end here.
 */
export interface Sifter {
  readonly tables: Tables;
  /** @param learned addresses that count besides. */
  mayMatch(event: EventDocument, learned?: LearnedTable): boolean;
  /** Whether an event may match because a field has this value among others. */
  mayHold(path: string, value: Scalar, learned?: LearnedTable): boolean;
  /** The same of a place among the fields. */
  mayLead(planted: readonly Planted[], value: Scalar, learned?: LearnedTable): boolean;
  /** The fields that are read, as a tree of their paths. */
  readonly fields: PathNode<Planted>;
}

/** A field that is read. */
export type Planted = Pick<CatalogueField, 'field' | 'kind'>;

/**
 * Whether what a value says is listed, or half of what is. A URL may stand in two fields: of its halves, the one counts
 * that is asked for.
 */
type IsListed = (reading: Reading | undefined, learned: LearnedTable, half: 'host' | 'path') => boolean;

function compileListed(tables: Tables): IsListed {
  const { port, domain, address, url } = tables.byKind;
  // The other half of a socket may stand in another field.
  const socketAddresses = addressTable(tables.byKind.socket.indicators);
  const urlHosts = domainTable(url.indicators.map((indicator) => ({ ...indicator, value: urlHost(indicator.value) })));
  const isListedPath = compilePaths(url.indicators);

  return function isListed(reading, learned, half): boolean {
    if (reading === undefined) return false;
    const { name, port: number, address: text, url: whole, path, said, answers } = reading;
    if (name !== undefined && domain.find(name).length > 0) return true;
    if (number !== undefined && port.find(String(number)).length > 0) return true;
    if (text !== undefined && (learned.addresses.has(text) || address.find(text).length > 0)) return true;
    if (text !== undefined && socketAddresses.find(text).length > 0) return true;
    if (half === 'host' && urlHosts.find(name ?? text ?? '').length > 0) return true;
    if (half === 'path' && path !== undefined && isListedPath(path)) return true;
    if (whole !== undefined && url.find(whole).length > 0) return true;
    if (answers?.some((answer) => isListed(answer, NOTHING_LEARNED, half)) === true) return true;
    return said?.some(({ kind, value }) => tables.byKind[kind].find(value).length > 0) === true;
  };
}

/** Whether a path begins as that of a listed URL does, whatever its host. */
function compilePaths(urls: readonly Indicator[]): (path: string) => boolean {
  const paths = new Set(urls.map(({ value }) => value.slice(urlHost(value).length)));
  const lengths = [...new Set([...paths].map((path) => path.length))];
  return (path) => lengths.some((length) => paths.has(path.slice(0, length)));
}

export function createSifter(tables: Tables, policy: Policy): Sifter {
  const isListed = compileListed(tables);
  const mayLead = compileMayLead(tables, isListed);
  const memory = createMemory();
  const tree = createPathTree(
    CATALOGUE.flatMap(({ field, kind }) => {
      const plant: Plant = { field, kind, known: memory.of(kind) };
      return [field, ...(policy.fields[field] ?? [])].map((path) => [path, plant] as const);
    }),
  );
  const programs = memory.of('process');
  const commandLines = memory.of('args');

  const placed = new Map<string, readonly Planted[]>();
  /** The fields that a path is read for, found once: a path is asked for each of its values. */
  function plantedAt(path: string): readonly Planted[] {
    let planted = placed.get(path);
    if (planted === undefined) placed.set(path, (planted = childOf(tree.root, path)?.planted ?? []));
    return planted;
  }

  /** @param known values of the kind that led nowhere: most come again and again. */
  function leads(kind: FieldKind, value: Scalar, known: Set<Scalar>, learned: LearnedTable): boolean {
    if (known.has(value)) return false;
    const listed = isListed(readValue(kind, value), learned, 'path');
    if (!listed) remember(known, value);
    return listed;
  }

  return {
    tables,
    fields: tree.root,
    mayLead: (planted, value, learned = NOTHING_LEARNED) => mayLead(planted, value, learned, 'path'),
    // A path may stand in a field that can't be asked for it.
    mayHold: (path, value, learned = NOTHING_LEARNED) => mayLead(plantedAt(path), value, learned, 'host'),
    mayMatch(event, learned = NOTHING_LEARNED) {
      // Arguments make a command line together.
      let args: Map<string, string> | undefined;
      memory.setFor(learned);
      const found = tree.walk(event, (planted, value) => {
        for (const { field, kind, known } of planted) {
          if (kind !== 'args') {
            if (leads(kind, value, known, learned)) return true;
            continue;
          }
          args ??= new Map();
          const before = args.get(field);
          args.set(field, before === undefined ? String(value) : `${before} ${value}`);
          if (before === undefined && leads('process', value, programs, learned)) return true;
        }
        return false;
      });
      return (
        found || (args !== undefined && [...args.values()].some((line) => leads('args', line, commandLines, learned)))
      );
    },
  };
}

/** Of one value alone. Arguments are a command line only together: of them a part is enough. */
function compileMayLead(tables: Tables, isListed: IsListed) {
  const partsOfLines = globTable(tables.byKind['command-line'].indicators.map(longestWord), 'anywhere');
  return function mayLead(
    planted: readonly Planted[],
    value: Scalar,
    learned: LearnedTable,
    half: 'host' | 'path',
  ): boolean {
    return planted.some(({ kind }) => {
      if (kind !== 'args') return isListed(readValue(kind, value), learned, half);
      return partsOfLines.find(String(value)).length > 0 || isListed(readValue('process', value), learned, half);
    });
  };
}

/** A field that is read, with what is remembered of its kind. */
interface Plant extends Planted {
  readonly known: Set<Scalar>;
}

/** Longer texts seldom come twice. */
const LONGEST_REMEMBERED = 128;
/** Values remembered of a kind; hostile events may bring new ones without end. */
const MOST_REMEMBERED = 20_000;

function remember(known: Set<Scalar>, value: Scalar): void {
  if (typeof value === 'string' && value.length > LONGEST_REMEMBERED) return;
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.add(value);
}

/** Remembers values of fields, by the kind of the field. */
function createMemory() {
  const values = new Map<FieldKind, Set<Scalar>>();
  let table: LearnedTable | undefined;
  return {
    /** Forgets all where other addresses were learned: what led nowhere may lead somewhere. */
    setFor(learned: LearnedTable): void {
      if (learned === table) return;
      table = learned;
      for (const known of values.values()) known.clear();
    },
    of(kind: FieldKind): Set<Scalar> {
      let known = values.get(kind);
      if (known === undefined) values.set(kind, (known = new Set()));
      return known;
    },
  };
}

/** Arguments are joined by blanks: a command line that has the text has its longest word in one of its arguments. */
function longestWord(indicator: Indicator): Indicator {
  const words = indicator.value.split(/[* ]/);
  const value = words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
  return { ...indicator, value, excludes: [] };
}
