import { plainText } from '../telemetry/plain.ts';

export interface ParagraphShape {
  /** Characters in a line. */
  readonly width: number;
  /** Blanks before each line. */
  readonly indent?: number;
  /** Further blanks before each line but the first. */
  readonly hanging?: number;
}

const LEAST = 20;

/**
 * Text in lines of at most `width` characters, broken at blanks, and within a word where it is longer than a line. Text
 * from outside can't steer the terminal.
 */
export function paragraph(text: string, { width, indent = 0, hanging = 0 }: ParagraphShape): string {
  const room = Math.max(LEAST, width - indent - hanging);
  const lines: string[] = [];
  let line: string[] = [];
  let length = 0;
  const end = (): void => {
    if (line.length > 0) lines.push(line.join(' '));
    line = [];
    length = 0;
  };
  for (const word of plainText(text).split(' ')) {
    for (const piece of pieces(word, room)) {
      const long = Array.from(piece).length;
      if (length > 0 && length + 1 + long > room) end();
      line.push(piece);
      length += (length > 0 ? 1 : 0) + long;
    }
  }
  end();
  return lines.map((one, i) => ' '.repeat(indent + (i === 0 ? 0 : hanging)) + one).join('\n');
}

function pieces(word: string, room: number): string[] {
  const characters = Array.from(word);
  if (characters.length <= room) return [word];
  const count = Math.ceil(characters.length / room);
  return Array.from({ length: count }, (_, i) => characters.slice(i * room, (i + 1) * room).join(''));
}
