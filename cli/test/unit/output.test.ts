// What all commands share: documents for scripts, lines for people, and that nobody else's text steers the terminal.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { reportError } from '../../src/output.js';
import { createPalette, terminalLine } from '../../src/terminal-text.js';
import { keptOutput, run } from '../support/in-process.js';

test('with --json documents only, otherwise lines only', () => {
  const people = keptOutput();
  people.out.json({ a: 1 });
  people.out.line('line');
  people.out.line();
  people.out.note('note');
  expect([people.said, people.noted]).toEqual([['line', ''], ['note']]);
  const scripts = keptOutput({ isJson: true });
  scripts.out.json({ a: 1 });
  scripts.out.line('line');
  scripts.out.note('note');
  expect([scripts.said, scripts.noted]).toEqual([['{"a":1}'], []]);
});

test('what acts on a terminal does not come through, nor a second line, nor a colour that is not ours', () => {
  const { out, said, noted } = keptOutput();
  out.line('a\u001b]0;title\u0007b\tc\rd\u202ee');
  out.line('\u001b[31mred\u001b[39m\nnext');
  out.note('\u009b2Jx\u2028y');
  expect(said).toEqual(['a]0;titleb c de', '[31mred[39m next']);
  expect(noted).toEqual(['2Jx y']);
});

test('no command relies on a line break in a line, which would be a blank', () => {
  const folder = join(import.meta.dirname, '../../src');
  const files = globSync('**/*.ts', { cwd: folder });
  const printed = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/\b(?:line|note)\((?:[`'"]).*?\);\n/gs)].map(([call]) => `${file}: ${call}`);
  });
  expect(printed.length).toBeGreaterThan(50);
  expect(printed.filter((call) => call.includes('\\n'))).toEqual([]);
});

test('our colours reach the terminal, whatever stands inside of them', () => {
  const { red, bold } = createPalette(true);
  expect(terminalLine(`${bold('name')}: ${red('\u001b[32mforged\n')} \uE000x:32;`)).toBe(
    '\u001b[1mname\u001b[22m: \u001b[31m[32mforged \u001b[39m \uE000x:32;',
  );
  expect(createPalette(false).red('plain')).toBe('plain');
});

test('JSON that is shown acts on nothing and reads the same', () => {
  const { out, said } = keptOutput({ isJson: true });
  const document = { text: 'a\u009b31m\u007f\u202e\u001b[1m' };
  out.json(document);
  expect(said[0]).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(said[0] ?? '')).toEqual(document);
});

test('an error in several lines is said in several, and its words cannot begin one', () => {
  const noted: string[] = [];
  reportError(new ManyhandsError('MH-GEN-002', { message: 'first\nmanyhands: forged' }), (text) => noted.push(text));
  expect(noted).toEqual(['manyhands: first', '  manyhands: forged MH-GEN-002']);
});

test('help and version end with 0, no command with 2', async () => {
  for (const words of [['--help'], ['--version'], ['map', '--help'], ['worker', 'join', '--help'], ['help', 'batch']]) {
    const ended = await run(...words);
    expect([ended.exitCode, ended.stderr], words.join(' ')).toEqual([0, '']);
    expect(ended.stdout.length).toBeGreaterThan(4);
  }
  expect((await run()).exitCode).toBe(2);
  expect(await run('--json')).toMatchObject({ exitCode: 2, code: 'MH-GEN-009' });
});
