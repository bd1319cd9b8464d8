import { describe, expect, test } from '@jest/globals';
import { assert, property, string, stringMatching } from 'fast-check';
import { ConfigError, SourceError } from '../../src/model/errors.ts';
import { createLog, type LogOptions } from '../../src/telemetry/log.ts';
import { createProgress } from '../../src/telemetry/progress.ts';
import { createRedact } from '../../src/telemetry/redact.ts';

/** A log that writes into a list. */
function listLog(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  return { lines, log: createLog({ stream, json: true, level: 'info', ...options }) };
}

function parse(line: string | undefined): Record<string, unknown> {
  return JSON.parse(line ?? '') as Record<string, unknown>;
}

describe('ECS JSON', () => {
  test('a line has the time, level, message and fields under their ECS names', () => {
    const { lines, log } = listLog();
    log.warn('shards failed', { 'event.duration': 5, event: { dataset: 'x' }, big: 1n });
    expect(parse(lines[0])).toMatchObject({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      'log.level': 'warn',
      message: 'shards failed',
      'ecs.version': expect.any(String),
      'service.name': 'minecanary',
      'event.duration': 5,
      big: '1',
    });
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
  });

  test('levels below the lowest are left out', () => {
    const { lines, log } = listLog({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.child({ x: 1 }).error('d');
    log.child({ x: 1 }).info('e');
    expect(lines.map((line) => parse(line).message)).toEqual(['c', 'd']);
  });

  test('a child adds its fields; no key stands twice', () => {
    const { lines, log } = listLog();
    log
      .child({ unit: 'a', pass: 1 })
      .child({ pass: 2 })
      .info('m', { unit: 'b', message: 'x', '@timestamp': 'x', 'log.level': 'x' });
    expect(parse(lines[0])).toMatchObject({ unit: 'b', pass: 2, message: 'm', 'log.level': 'info' });
    for (const key of ['unit', 'pass', 'message', '@timestamp', 'log.level']) {
      expect(lines[0]?.split(`"${key}":`)).toHaveLength(2);
    }
  });

  test('an error is written as error.*, with its code and its causes', () => {
    const { lines, log } = listLog();
    const cause = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    log.error('the pass failed', { error: new SourceError('no answer', { code: 'source_unreachable', cause }) });
    const { error } = parse(lines[0]) as { error: Record<string, string> };
    expect(error).toMatchObject({ type: 'SourceError', message: 'no answer', code: 'source_unreachable' });
    expect(error.stack_trace).toMatch(/^SourceError: no answer\n.*\nCaused by: Error: connection refused\n/s);
  });

  test('what can not be written as JSON is left out, the rest stands', () => {
    const { lines, log } = listLog();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.error('m', { circle, error: new Error('why') });
    expect(parse(lines[0])).toMatchObject({
      message: 'm',
      error: { message: 'why' },
      labels: { fields: expect.stringContaining('left out') },
    });
    const own = new Error('own');
    own.cause = own;
    log.error('m', { error: own });
    expect(parse(lines[1])).toMatchObject({ error: { message: 'own' } });
  });
});

describe('plain lines', () => {
  test('level, message, and the message of an error', () => {
    const { lines, log } = listLog({ json: false });
    log.info('done', { 'event.duration': 1 });
    log.error('the pass failed', { error: new ConfigError('bad') });
    log.error('failed: bad', { error: new Error('bad') });
    expect(lines).toEqual(['info: done\n', 'error: the pass failed: bad\n', 'error: failed: bad\n']);
  });

  test('no text breaks its line or steers the terminal', () => {
    const { lines, log } = listLog({ json: false });
    log.info('a\n\u001b[31merror: b\r\u009b2J\u2028c\u202ed\ttab');
    expect(lines).toEqual(['info: a [31merror: b 2J c d tab\n']);
    const single = property(string({ unit: 'binary' }), (text) => {
      lines.length = 0;
      log.info(text);
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(lines.join('')).toMatch(/^info: [^\u0000-\u001f\u007f-\u009f\u2028\u2029]*\n$/);
    });
    assert(single);
  });
});

describe('secrets', () => {
  const password = 'p"w/ö +\\%';
  const base64 = Buffer.from(`elastic:${password}`).toString('base64');
  const url = new URL('https://es:9200');
  url.username = 'elastic';
  url.password = password;
  const places = [password, encodeURIComponent(password), url.href, `Basic ${base64}`, JSON.stringify({ password })];
  const trace = /p"w|p%22w|p\\"w|ZWxhc3RpYz/i;

  test.each(places)('%s is in no line', (text) => {
    for (const json of [true, false]) {
      const { lines, log } = listLog({ json, secrets: [password, `elastic:${password}`] });
      const cause = new Error(`cause ${text}`);
      const error = Object.assign(new Error(`failed ${text}`, { cause }), { code: text });
      log.child({ text, nested: [{ [text]: { text } }] }).error(`message ${text}`, { error, url: new URL(url) });
      expect(lines[0]).toContain('(secret)');
      expect(lines[0]).not.toMatch(trace);
      if (json) expect(parse(lines[0])).toHaveProperty('error.code');
    }
  });

  test('a secret that looks like JSON breaks no line', () => {
    const { lines, log } = listLog({ secrets: ['":"', 'message', ''] });
    log.info('a":"b message', { x: '":"' });
    expect(parse(lines[0])).toMatchObject({ message: 'a(secret)b (secret)', x: '(secret)' });
  });

  test('any secret is gone from any text around it', () => {
    const secrets = stringMatching(/^[^()secrt]{4,20}$/);
    const gone = property(secrets, string(), string(), (secret, before, after) => {
      expect(createRedact([secret])(before + secret + after)).not.toContain(secret);
    });
    assert(gone);
  });
});

/** A terminal that keeps what is written to it, and a clock that is set by hand. */
function terminal(isTTY = true, columns = 20) {
  const written: string[] = [];
  let time = 0;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = createProgress(stream, () => time);
  return { written, progress, wait: (milliseconds: number) => (time += milliseconds) };
}

describe('progress', () => {
  test('shows the newest text at most ten times a second, and goes away', () => {
    const { written, progress, wait } = terminal();
    for (let count = 0; count < 30; count += 1) {
      progress.update(`${count}`);
      wait(10);
    }
    progress.clear();
    progress.clear();
    expect(written).toEqual(['\r\u001b[2K0', '\r\u001b[2K10', '\r\u001b[2K20', '\r\u001b[2K']);
  });

  test('stays on its line', () => {
    const { written, progress } = terminal();
    progress.update(`a\nb${'c'.repeat(50)}`);
    expect(written).toEqual([`\r\u001b[2Ka b${'c'.repeat(16)}`]);
  });

  test('lets the log through whole', () => {
    const { written, progress } = terminal();
    progress.update('1');
    createLog({ stream: progress, json: false, level: 'info' }).info('m');
    expect(written).toEqual(['\r\u001b[2K1', '\r\u001b[2K', 'info: m\n']);
  });

  test('shows nothing where there is no terminal', () => {
    const { written, progress } = terminal(false);
    progress.update('1');
    progress.write('x\n');
    progress.clear();
    expect(written).toEqual(['x\n']);
  });
});
