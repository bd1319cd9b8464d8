import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { PATHS } from '../../src/telemetry/monitor.ts';
import { ROOT } from '../support/cli.ts';
import { hadolint } from '../support/linters.ts';

const DOCKERFILE = join(ROOT, 'deploy/Dockerfile');
const text = readFileSync(DOCKERFILE, 'utf8').replaceAll('\\\n', ' ');
const [build = [], , , image = []] = stages(text);

/** Instructions of each stage, its FROM apart: `COPY tools tools`. */
function stages(dockerfile: string): string[][] {
  const [, ...all] = dockerfile.split(/^FROM .*$/m);
  return all.map((stage) => stage.split('\n').filter((line) => /^[A-Z]/.test(line)));
}

/** What a stage takes of the checkout. */
function taken(stage: readonly string[]): string[] {
  const copies = stage.filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
  return copies.flatMap((line) => line.split(' ').slice(1, -1));
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, unknown>;
}

test('hadolint finds nothing', async () => {
  expect(await hadolint(DOCKERFILE)).toEqual({ status: 0, output: '' });
});

describe('the image', () => {
  test('is of the Node of the checkout, and of what the lock file says', () => {
    const { optionalDependencies } = json('tools/node/package.json') as {
      optionalDependencies: Record<string, string>;
    };
    const [version] = new Set(Object.values(optionalDependencies));
    for (const [, from = ''] of text.matchAll(/^FROM (\S+)/gm))
      expect(['build', `node:${version}-slim`]).toContain(from);
    for (const [line] of text.matchAll(/^RUN npm .*$/gm))
      expect(line).toMatch(/npm ci .*--ignore-scripts$|npm run -s build$/);
    expect(text).not.toMatch(/apt|curl|wget|https?:\/\/(?!127\.0\.0\.1)/);
  });

  test('holds all that the package ships', () => {
    const shipped = json('package.json')['files'] as string[];
    expect(image).toContain('COPY --from=build /build/dist dist');
    expect([...taken(image), 'dist']).toEqual(expect.arrayContaining(shipped));
  });

  test('runs as a user without rights, by number', () => {
    expect(image.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000']);
    expect(image.findIndex((line) => line.startsWith('USER '))).toBeGreaterThan(
      image.findLastIndex((line) => line.startsWith('RUN ')),
    );
  });

  test('asks the health of the configuration it holds', () => {
    const config = loadConfig({ file: join(ROOT, 'deploy/docker/minecanary.yml'), env: {} });
    const check = image.find((line) => line.startsWith('HEALTHCHECK '));
    expect(check).toContain(`fetch('http://${config.metrics?.listen}${PATHS.alive}')`);
    expect(image).toContain('EXPOSE 9464');
    expect(image.join('\n')).toMatch(/^ENV .*MINECANARY_CONFIG=\/etc\/minecanary\/minecanary\.yml$/m);
  });
});

test('nothing is left out of the build that it needs, and what else is there is', () => {
  const lines = readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => /^[^#]/.test(line));
  expect(lines[0]).toBe('*');
  const kept = lines.slice(1).map((line) => line.replace(/^!/, ''));
  const all = stages(text).flatMap(taken);
  expect([...new Set(all)].sort()).toEqual(kept.sort());
  for (const path of kept) expect(globSync(join(ROOT, path))).toHaveLength(1);
  expect(build).toContain('RUN npm ci --omit=dev --ignore-scripts');
});
