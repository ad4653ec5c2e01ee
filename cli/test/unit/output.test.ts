// What all commands share: documents for scripts, lines for people, and that nobody else's text steers the terminal.
import { expect, test } from 'vitest';
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

test('control characters of others are blanks, our colours and line breaks stay', () => {
  const { out, said } = keptOutput();
  out.line('a\u001b]0;title\u0007b\tc\rd\u202ee\u200bf');
  out.line('\u001b[31mred\u001b[39m\nnext');
  out.line('\u009b2Jx');
  expect(said).toEqual(['a ]0;title b c d e f', '\u001b[31mred\u001b[39m\nnext', ' 2Jx']);
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
