/** One thing that was looked at. */
export interface Check {
  /** What it belongs to: `lookups`, `source logs`. */
  readonly area: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found, a clause. */
  readonly what: string;
  /** What to do, a sentence; where something is not as it should be. */
  readonly todo?: string;
  /** More of what was found, a line each. */
  readonly details?: readonly string[];
}

type Make = (what: string, todo: string, details?: readonly string[]) => Check;

/** Makes the checks of an area. */
export interface Area {
  readonly ok: (what: string, details?: readonly string[]) => Check;
  readonly warning: Make;
  readonly failed: Make;
  /** An error says what happened, and what to do in the sentences after the first. */
  readonly failedBy: (error: Error) => Check;
}

function more(details: readonly string[]): Pick<Check, 'details'> {
  return details.length === 0 ? {} : { details };
}

export function areaOf(area: string): Area {
  return {
    ok: (what, details = []) => ({ area, state: 'ok', what, ...more(details) }),
    warning: (what, todo, details = []) => ({ area, state: 'warning', what, todo, ...more(details) }),
    failed: (what, todo, details = []) => ({ area, state: 'failed', what, todo, ...more(details) }),
    failedBy: ({ message }) => {
      const [what = '', ...todo] = message.split(/(?<=\.) (?=[A-Z])/);
      return {
        area,
        state: 'failed',
        what: what.replace(/\.$/, ''),
        todo: todo.length > 0 ? todo.join(' ') : 'Look into the log of Elasticsearch.',
      };
    },
  };
}
