const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 } as const;
const SHOWN = ['mo', 'd', 'h', 'm', 's'] as const satisfies readonly (keyof typeof UNITS)[];

/**
 * Milliseconds of `30s`, `5m`, `2h`, `7d`, `2w`, `13mo` or `0s`; a month is 30 days. Undefined for anything else:
 * signs, fractions, spaces, several units, or more than a thousand years.
 */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,11})(s|m|h|d|w|mo)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const milliseconds = Number(digits) * UNITS[unit as keyof typeof UNITS];
  return milliseconds <= 1000 * 366 * UNITS.d ? milliseconds : undefined;
}

/** A text that `parseDuration` reads as so many milliseconds, without weeks; below a second nothing is kept. */
export function formatDuration(milliseconds: number): string {
  const unit = SHOWN.find((name) => milliseconds >= UNITS[name] && milliseconds % UNITS[name] === 0) ?? 's';
  return `${Math.floor(milliseconds / UNITS[unit])}${unit}`;
}

/** How long something took, for people: in the largest unit of which it holds two, rounded down. */
export function roughDuration(milliseconds: number): string {
  const { d, h, m, s } = UNITS;
  const unit = [d, h, m].find((size) => milliseconds >= 2 * size) ?? s;
  return formatDuration(Math.floor(Math.max(0, milliseconds) / unit) * unit);
}
