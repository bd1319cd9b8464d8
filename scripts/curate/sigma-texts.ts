import { SIGMA_TEXT_RULES, type SigmaRule } from './origins.ts';
import type { SigmaTexts } from './texts.ts';

/** A rule as sigma_mining_rules.json has it. */
export interface PublishedRule {
  readonly path: string;
  readonly detection: unknown;
}

/** The texts that rules look for, as our tables write them, each with the first rule that has it. */
export interface SigmaTextsByField {
  readonly commands: SigmaTexts;
  readonly agents: SigmaTexts;
}

/** What the tables write otherwise: without a value or a space at the end that a miner may leave out. */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ['--donate-level=0', '--donate-level'],
  [' --algo=rx/0 ', ' --algo=rx/0'],
]);

/** Texts under `selection`; what a rule filters out becomes `excludes` in the tables. */
export function readSigmaTexts(rules: readonly PublishedRule[]): SigmaTextsByField {
  const byPath = new Map(rules.map(({ path, detection }) => [path, textsIn((detection as Selected).selection)]));
  const collect = (some: readonly (readonly [string, SigmaRule])[], write: (text: string) => string): SigmaTexts => {
    const found = new Map<string, SigmaRule>();
    for (const [path, rule] of some) {
      const texts = byPath.get(path);
      if (texts === undefined) throw new Error(`sigma_mining_rules.json has no rule ${path}`);
      for (const text of texts.map(write)) if (!found.has(text)) found.set(text, rule);
    }
    return found;
  };
  const { windowsCommand, linuxCommand, userAgent, redTail } = SIGMA_TEXT_RULES;
  return {
    commands: collect([windowsCommand, linuxCommand], (text) => WRITTEN.get(text) ?? text),
    agents: new Map([...collect([userAgent], (text) => `${text}*`), ...collect([redTail], (text) => text)]),
  };
}

interface Selected {
  readonly selection?: unknown;
}

function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(textsIn);
}
