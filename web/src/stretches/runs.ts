// Run lengths of an alignment, as programs print them beside a segment: `100=1X9=2D`, in the order of the x axis.

/** `=` equal, `X` different, `D` a letter of the x axis only, `I` a letter of the y axis only. */
export type Run = { readonly length: number; readonly kind: '=' | 'X' | 'D' | 'I' };

const RUNS = /^(?:\d{1,9}[=XDI])+$/;

/** The runs, if the text is such a list and covers exactly `xLength` letters of the x axis; else null. */
export function parseRuns(text: string, xLength: number): readonly Run[] | null {
  if (!RUNS.test(text)) return null;
  const runs = [...text.matchAll(/(\d+)([=XDI])/g)].map(
    ([, length, kind]): Run => ({ length: Number(length), kind: kind as Run['kind'] }),
  );
  const covered = runs.reduce((sum, { length, kind }) => sum + (kind === 'I' ? 0 : length), 0);
  return covered === xLength ? runs : null;
}

/** Equal and all columns of the last `xLetters` letters of the x axis. */
export function countTail(runs: readonly Run[], xLetters: number): { matchCount: number; columnCount: number } {
  let left = xLetters;
  let matchCount = 0;
  let columnCount = 0;
  for (const { length, kind } of runs.toReversed()) {
    if (left === 0) break;
    const taken = kind === 'I' ? length : Math.min(length, left);
    if (kind !== 'I') left -= taken;
    if (kind === '=') matchCount += taken;
    columnCount += taken;
  }
  return { matchCount, columnCount };
}
