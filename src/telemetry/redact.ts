const REPLACEMENT = '(secret)';

/**
 * Replaces every occurrence of the secrets in a text, also in the forms they take on the wire: in a URL, in base64 (as
 * `user:password` of basic authentication) and inside JSON.
 */
export function createRedact(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // The longest first, so that no form leaves the rest of a longer one behind.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(literal).join('|'), 'g');
  return (text) => text.replace(pattern, REPLACEMENT);
}

/** A pattern that matches the text itself. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const whole = secret.toWellFormed();
  const inUrl = encodeURIComponent(whole);
  const inForm = new URLSearchParams([['', whole]]).toString().slice(1);
  const inLowerCase = [inUrl, inForm].map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  const userInfo = userInfoOf(whole);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inUrl,
    inForm,
    ...inLowerCase,
    ...userInfo,
    base64,
    bytes.toString('base64url'),
  ];
}

/** As `URL` writes it between `//` and `@`, which leaves other characters as they are than `encodeURIComponent`. */
function userInfoOf(secret: string): string[] {
  const url = new URL('http://localhost');
  url.password = secret;
  return url.password === '' ? [] : [url.password];
}
