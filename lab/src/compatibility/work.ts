// Work whose answers are known: which Mersenne numbers are prime.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manyhands } from './manyhands.js';

/** Exponents and whether 2^p - 1 is prime. From a quarter of a second to some seconds of one core each. */
export const EXPONENTS: readonly (readonly [exponent: number, isPrime: boolean])[] = [
  [4253, true],
  [4259, false],
  [9689, true],
  [4261, false],
  [19937, true],
  [4423, true],
  [9697, false],
  [9941, true],
  [4271, false],
  [4273, false],
  [11213, true],
  [9719, false],
];

export type Scientist = {
  readonly root: string;
  readonly data: string;
  readonly url: string;
  readonly project: string;
};

/** Submits the batch, or finds it again, and collects its results into `out`. */
export function submit(scientist: Scientist, out: string, name: string): Manyhands {
  return new Manyhands(scientist.root, submitWords(scientist, out, name));
}

/** The words of that command; writes the file of inputs. */
export function submitWords({ root, data, url, project }: Scientist, out: string, name: string): string[] {
  const lines = join(data, 'exponents.txt');
  writeFileSync(lines, `${EXPONENTS.map(([exponent]) => exponent).join('\n')}\n`);
  const program = join(root, 'work-units/units/lucas-lehmer/dist/lucas-lehmer.wasm');
  return [
    ...['map', program, '--coordinator', url, '--data', data, '--project', project, '--name', name],
    ...['--each-line', lines, '--out', out],
  ];
}

/** Throws when a result is missing or wrong. */
export function checkResults(out: string): void {
  for (const [index, [exponent, isPrime]] of EXPONENTS.entries()) {
    const text = readFileSync(join(out, String(index + 1).padStart(6, '0')), 'utf8');
    if (!text.includes(`M${exponent}\t${isPrime ? 'prime' : 'composite'}\t`))
      throw new Error(`the result of ${exponent} is wrong: ${text}`);
  }
}
