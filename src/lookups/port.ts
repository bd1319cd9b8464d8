/** A port 1..65535 from a number or a plain decimal string (no sign, space or leading zero); else undefined. */
export function parsePort(value: unknown): number | undefined {
  const port = typeof value === 'string' && /^[1-9]\d{0,4}$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}
