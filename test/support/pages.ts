/** The pages of Markdown, as their readers see them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexer, type Token, walkTokens } from 'marked';
import { ROOT } from './cli.ts';

export interface Page {
  /** Relative to the root of the project. */
  readonly path: string;
  /** Targets of links and pictures. */
  readonly links: readonly string[];
  /** What a link may name behind `#`, as GitHub makes it of headings. */
  readonly anchors: ReadonlySet<string>;
  readonly blocks: readonly Block[];
}

/** A block of code. */
export interface Block {
  /** Empty where it is indented. */
  readonly language: string;
  readonly lines: readonly string[];
}

function readPage(path: string): Page {
  const links: string[] = [];
  const anchors = new Set<string>();
  const blocks: Block[] = [];
  const note = (token: Token): void => {
    if (token.type === 'link' || token.type === 'image') links.push(token.href);
    if (token.type === 'heading') anchors.add(anchorOf(token.text, anchors));
    if (token.type === 'code') blocks.push({ language: token.lang ?? '', lines: token.text.split('\n') });
  };
  void walkTokens(lexer(readFileSync(join(ROOT, path), 'utf8')), note);
  return { path, links, anchors, blocks };
}

function anchorOf(heading: string, taken: ReadonlySet<string>): string {
  const plain = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
  for (let i = 0; ; i += 1) {
    const anchor = i === 0 ? plain : `${plain}-${i}`;
    if (!taken.has(anchor)) return anchor;
  }
}

/** Every page that is kept in git, or is about to be. */
export function pages(): readonly Page[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(listed.trim().split('\n'))].sort().map(readPage);
}
