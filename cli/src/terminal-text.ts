// What reaches a terminal: plain text in one line, and the colours that are ours.
import { randomBytes } from 'node:crypto';
import { plainText } from '@manyhands/contract/words';
import pc from 'picocolors';

/** Stands for a style until the line is shown. Nobody else can write it: what came from hosts, programs and coordinators cannot colour itself. */
const SECRET = `\uE000${randomBytes(9).toString('base64url')}:`;
const MARK = new RegExp(`${SECRET}(\\d+);`, 'g');

/** Codes of the terminal that begin and end a style. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

export type Palette = Readonly<Record<keyof typeof STYLES, (text: string) => string>>;

/** Decided by the terminal alone: picocolors by itself would also colour what a pipe of a build server reads. */
export const color = createPalette(
  process.stdout.isTTY === true && process.stderr.isTTY === true && pc.isColorSupported,
);

export function createPalette(isColored: boolean): Palette {
  const style = ([begin, end]: readonly [number, number]) =>
    isColored ? (text: string): string => `${SECRET}${begin};${text}${SECRET}${end};` : (text: string): string => text;
  const { bold, dim, red, green, yellow } = STYLES;
  return { bold: style(bold), dim: style(dim), red: style(red), green: style(green), yellow: style(yellow) };
}

/** One line as the terminal gets it. Whatever it was put together from, only styles of a palette reach the terminal as such. */
export function terminalLine(text: string): string {
  return plainText(text).replace(MARK, '\u001b[$1m');
}
