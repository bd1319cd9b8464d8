import { SUBTECHNIQUE } from '../../model/attack.ts';
import type { Commands } from './parts.ts';
import { EVENTS } from './parts.ts';

/** A hunt, as a query of ES|QL that stands for itself. */
export interface EsqlHunt {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** What else there is to know: limits, honest causes. */
  readonly notes?: readonly string[];
  readonly commands: Commands;
}

/** The text of a file of `hunts/`: a comment with title, question and technique, and the query. */
export function huntText({ title, question, notes = [], commands }: EsqlHunt): string {
  const comment = [
    title,
    `Question: ${question}`,
    `ATT&CK: ${SUBTECHNIQUE.id} ${SUBTECHNIQUE.name}`,
    ...notes,
    'Made from the lookups by `make generate`: a change here is lost. Time is that of the time picker, or of --from and --to.',
  ];
  return [...comment.map((line) => `// ${line}`), EVENTS, ...commands, ''].join('\n');
}
