import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../../support/cli.ts';
import { pages } from '../../support/pages.ts';

const PAGES = pages();
const ANCHORS = new Map(PAGES.map(({ path, anchors }) => [path, anchors]));

/** Why a link leads nowhere; undefined where it leads somewhere, or out of the project. */
function brokenIn(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return link.startsWith('https://') ? undefined : 'it is no https link';
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return `there is no ${target}`;
  if (anchor !== undefined && ANCHORS.get(target)?.has(anchor) !== true) return `${target} has no heading of that name`;
  return undefined;
}

test('the pages are those of the project', () => {
  expect([...ANCHORS.keys()]).toEqual(expect.arrayContaining(['README.md', 'docs/ARCHITECTURE.md']));
  expect(ANCHORS.get('README.md')).toContain('how-it-compares');
});

test.each(PAGES.map(({ path, links }) => ({ path, links })))(
  'every link of $path leads somewhere',
  ({ path, links }) => {
    const broken = links.flatMap((link) => {
      const why = brokenIn(path, link);
      return why === undefined ? [] : [`${link}: ${why}`];
    });
    expect(broken).toEqual([]);
  },
);

describe('a link is broken', () => {
  test.each(['docs/NOWHERE.md', 'docs/HUNTS.md#nothing', '#nothing', 'http://plain.example/'])('as %s', (link) => {
    expect(brokenIn('README.md', link)).toBeDefined();
  });
});

test('every page of docs/ is linked from another', () => {
  const linked = new Set(
    PAGES.flatMap(({ path, links }) =>
      links.flatMap((link) => {
        const target = normalize(join(dirname(path), link.split('#')[0] ?? ''));
        return target === path ? [] : [target];
      }),
    ),
  );
  const alone = PAGES.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !linked.has(path));
  expect(alone.filter((path) => !linked.has(`${dirname(path)}/`))).toEqual([]);
});
