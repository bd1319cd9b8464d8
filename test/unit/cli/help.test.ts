import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../support/cli.ts';

const help = async (command: readonly string[]): Promise<string> => (await runCli([...command, '--help'])).stdout;

/** Commands that a help names, but for `help` itself. */
function named(text: string): string[] {
  const [list = ''] = text.split('\nCommands:\n')[1]?.split('\n\n') ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
}

const commands = named(await help([])).map((name) => [name]);
const ofLookups = named(await help(['lookups'])).map((name) => ['lookups', name]);
const ALL = [[], ...commands, ...ofLookups].map((words) => words.join(' '));
const TYPOS: readonly (readonly [typed: readonly string[], meant: string])[] = [
  [['hnt'], 'hunt'],
  [['lookups', 'lst'], 'list'],
  [['hunt', '--looup', 'x'], '--lookup'],
];

test('the help names the commands', () => {
  expect(commands.length).toBeGreaterThan(9);
  expect(ofLookups).toHaveLength(5);
});

describe.each(ALL)('minecanary %s', (command) => {
  test('has examples, and its options', async () => {
    const text = await help(command.split(' ').filter((word) => word !== ''));
    expect(text).toMatch(/\nExamples:\n {2}.*minecanary /);
    const isGroup = text.includes('\nCommands:\n');
    for (const option of ['--config <file>', '--json']) expect(text.includes(`\n  ${option}`)).toBe(!isGroup);
    // A number, a file, a time is called the same everywhere.
    const values = [...text.matchAll(/^ {2}--[a-z-]+ [<[]([a-z]+)[>\]]/gm)].map(([, value]) => value);
    const known = ['file', 'date', 'number', 'name', 'pattern', 'id', 'duration', 'plan', 'format'];
    expect(values.filter((value) => !known.includes(value ?? ''))).toEqual([]);
  });
});

test.each(TYPOS)('%j is told what is like it', async (typed, meant) => {
  const { code, stdout, stderr } = await runCli(typed);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`(Did you mean ${meant}?)\n(--help shows what can be given)`);
});
