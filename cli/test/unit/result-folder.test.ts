// A folder of results never mixes answers: what is confirmed stays, what is not is moved away, what others wrote is never touched.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { encodeBundle, utf8Bytes } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { ResultFolder } from '../../src/support/result-folder.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryFolder();
});
const at = (...parts: string[]): string => join(directory, ...parts);

/** What units answer: text on standard output, and of the collected file. null: the unit fails. */
type Answers = Readonly<Record<string, string | null>>;
type Batch = { id: string; program?: string; answers: Answers; collect?: readonly string[] };

const filesOf = (text: string, collect: readonly string[]) =>
  collect.map((name) => ({ name, bytes: utf8Bytes(`${text} in ${name}`) }));
const digestOf = (text: string, collect: readonly string[]): string =>
  Buffer.from(encodeBundle({ exitCode: 0, stdout: utf8Bytes(text), files: filesOf(text, collect) }).digest).toString(
    'hex',
  );

/** What a run of `map` does with a complete batch. Returns the units that were written, and those that could not be. */
async function collect({ id, program = 'p', answers, collect: files = [] }: Batch) {
  const folder = new ResultFolder({ directory, collect: files });
  const names = Object.keys(answers);
  const accepted = new Map(
    names.flatMap((name) => {
      const answer = answers[name];
      return answer ? [[name, digestOf(answer, files)]] : [];
    }),
  );
  const written: string[] = [];
  const refused: string[] = [];
  await folder.begin({ id, name: id, program }, names, async () => accepted);
  for (const [index, name] of names.entries()) {
    const answer = answers[name];
    const digest = accepted.get(name);
    if (!answer || digest === undefined) await folder.withdraw(name);
    else if ((await folder.find({ index, name, digest })) === undefined)
      await folder
        .write({ name, digest, stdout: utf8Bytes(answer), files: filesOf(answer, files) })
        .then(() => written.push(name))
        .catch((error: { code?: string }) => {
          if (error.code === undefined) throw error;
          refused.push(`${name} ${error.code}`);
        });
  }
  folder.end();
  return { written, refused, movedCount: folder.movedCount };
}

/** Everything but our own record, with its contents. */
function contents(): Record<string, string> {
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files
      .map((file) => [file.slice(directory.length + 1), fs.readFileSync(file, 'utf8')] as const)
      .filter(([name]) => !name.startsWith('.manyhands/'))
      .sort(),
  );
}

const first: Batch = { id: 'v1', program: 'one', answers: { 1: 'a', 2: 'b', 3: 'c' } };

test('version 1, then version 2 that fails on one: no answer of version 1 stays beside those of version 2', async () => {
  await collect(first);
  const second = { id: 'v2', program: 'two', answers: { 1: 'A', 2: 'b', 3: null } };
  expect(await collect(second)).toEqual({ written: ['1'], refused: [], movedCount: 2 });
  expect(contents()).toEqual({ 1: 'A', 2: 'b', '.superseded/v1/1': 'a', '.superseded/v1/3': 'c' });
});

test('the first batch again brings its own back, and moves the others away', async () => {
  await collect(first);
  await collect({ id: 'v2', program: 'two', answers: { 1: 'A', 2: 'b', 3: null } });
  expect(await collect(first)).toEqual({ written: [], refused: [], movedCount: 1 - 2 });
  expect(contents()).toEqual({ 1: 'a', 2: 'b', 3: 'c', '.superseded/v2/1': 'A' });
});

test('what was confirmed is not even written again; one more input makes no other difference', async () => {
  await collect(first);
  const before = await stat(at('1'));
  const more = { id: 'v1-more', program: 'one', answers: { ...first.answers, 4: 'd' } };
  expect(await collect(more)).toEqual({ written: ['4'], refused: [], movedCount: 0 });
  expect(await stat(at('1'))).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino });
  expect(contents()).toEqual({ 1: 'a', 2: 'b', 3: 'c', 4: 'd' });
});

test('batches with other names of units share a folder', async () => {
  await collect(first);
  await collect({ id: 'other', program: 'two', answers: { x: 'X', 'y/z': 'Z' } });
  expect(contents()).toEqual({ 1: 'a', 2: 'b', 3: 'c', x: 'X', 'y/z': 'Z' });
});

test('another program over fewer inputs leaves none of the answers of the first', async () => {
  await collect(first);
  await collect({ id: 'v2', program: 'two', answers: { 1: 'A' } });
  expect(contents()).toEqual({ 1: 'A', '.superseded/v1/1': 'a', '.superseded/v1/2': 'b', '.superseded/v1/3': 'c' });
  const same = { id: 'part', program: 'two', answers: { 2: 'B' } };
  await collect(same);
  expect(contents()).toMatchObject({ 1: 'A', 2: 'B' });
});

test('collected files go with their result, both ways; what else lies beside them stays', async () => {
  const one = { id: 'v1', program: 'one', answers: { a: 'x', b: 'y' }, collect: ['out/t.csv'] };
  await collect(one);
  await writeFile(at('a.d/notes.txt'), 'mine');
  await collect({ ...one, id: 'v2', program: 'two', answers: { a: null, b: 'y' } });
  expect(contents()).toEqual({
    b: 'y',
    'b.d/out/t.csv': 'y in out/t.csv',
    'a.d/notes.txt': 'mine',
    '.superseded/v1/a': 'x',
    '.superseded/v1/a.d/out/t.csv': 'x in out/t.csv',
  });
  await collect(one);
  expect(contents()).toMatchObject({ a: 'x', 'a.d/out/t.csv': 'x in out/t.csv', 'a.d/notes.txt': 'mine' });
});

test('a file where a folder is needed, and a folder where a file is', async () => {
  await collect({ id: 'v1', answers: { a: '1', 'b/c': '2' } });
  expect(await collect({ id: 'v2', answers: { 'a/x': '3', b: '4' } })).toMatchObject({ refused: [] });
  expect(contents()).toEqual({ 'a/x': '3', b: '4', '.superseded/v1/a': '1', '.superseded/v1/b/c': '2' });
});

test('a result that somebody changed is kept apart and fetched again', async () => {
  await collect(first);
  await writeFile(at('2'), 'changed');
  expect(await collect(first)).toMatchObject({ written: ['2'] });
  expect(contents()).toMatchObject({ 2: 'b', '.superseded/v1/2': 'changed' });
  await writeFile(at('2'), 'again');
  await collect(first);
  expect(contents()).toMatchObject({ 2: 'b', '.superseded/v1/2': 'changed', '.superseded/v1.2/2': 'again' });
});

describe('files of somebody else', () => {
  const check = (names: string[], accepted = new Map<string, string>(), collected: string[] = []) =>
    new ResultFolder({ directory, collect: collected }).check(names, async () => accepted);
  const code = (expected: string, path = '') =>
    expect.objectContaining({ code: expected, message: expect.stringContaining(path) });

  test.each([
    ['under the name', '2', ['1', '2'], []],
    ['where a folder is needed', 'x', ['x/y'], []],
    ['in a folder where a file is needed', 'x/y', ['x'], []],
    ['under the name of a collected file', '1.d/t', ['1'], ['t']],
    ['where the folder of collected files is needed', '1.d', ['1'], ['t']],
  ])('%s are an error that names them, and stay', async (_title, file, names, collected) => {
    await mkdir(join(at(file), '..'), { recursive: true });
    await writeFile(at(file), 'mine');
    await expect(check(names, undefined, collected)).rejects.toThrow(code('MH-BAT-011', at(file)));
    const answers = Object.fromEntries(names.map((name) => [name, 'ours']));
    const { refused } = await collect({ id: 'v1', answers, collect: collected });
    expect(refused).toHaveLength(1);
    expect(await readFile(at(file), 'utf8')).toBe('mine');
  });

  test('one does not keep the others from being written', async () => {
    await writeFile(at('2'), 'mine');
    expect(await collect(first)).toEqual({ written: ['1', '3'], refused: ['2 MH-BAT-011'], movedCount: 0 });
    expect(contents()).toEqual({ 1: 'a', 2: 'mine', 3: 'c' });
  });

  test('one that came after the batch had begun is not overwritten either', async () => {
    const folder = new ResultFolder({ directory, collect: [] });
    await folder.begin({ id: 'v1', name: 'v1', program: 'p' }, ['1'], async () => new Map());
    await writeFile(at('1'), 'mine');
    const result = { name: '1', digest: digestOf('a', []), stdout: utf8Bytes('a'), files: [] };
    await expect(folder.write(result)).rejects.toThrow(code('MH-BAT-011'));
    folder.end();
    expect(contents()).toEqual({ 1: 'mine' });
  });

  test('exactly what was accepted is taken over: older versions kept no record', async () => {
    await writeFile(at('1'), 'a');
    await check(['1', '2'], new Map([['1', digestOf('a', [])]]));
    expect(await collect(first)).toEqual({ written: ['2', '3'], refused: [], movedCount: 0 });
    await collect({ id: 'v2', program: 'two', answers: { 1: 'A', 2: 'B', 3: 'C' } });
    expect(contents()).toMatchObject({ 1: 'A', '.superseded/v1/1': 'a' });
  });

  test('names that the folder needs itself, and that no file can have', async () => {
    for (const name of ['.manyhands/x', '.Manyhands', '.superseded/v1/a'])
      await expect(check([name])).rejects.toThrow(code('MH-GEN-009', name));
    await expect(check(['x'.repeat(256)])).rejects.toThrow(code('MH-GEN-013'));
    await expect(check(['x'.repeat(254)], undefined, ['t'])).rejects.toThrow(code('MH-GEN-013'));
    const { written, refused } = await collect({
      id: 'v1',
      answers: { ['x'.repeat(254)]: 'a', y: 'b' },
      collect: ['t'],
    });
    expect([written, refused]).toEqual([['y'], [`${'x'.repeat(254)} MH-GEN-013`]]);
  });
});

test('what a killed process had begun to write is removed', async () => {
  await mkdir(at('.manyhands'));
  const { pid } = spawnSync('true');
  await writeFile(at('.manyhands', `${pid}-0123456789abcdef.tmp`), 'half');
  await writeFile(at('.manyhands', `${process.ppid}-0123456789abcdef.tmp`), 'of one that runs');
  await collect(first);
  expect(fs.readdirSync(at('.manyhands')).sort()).toEqual([`${process.ppid}-0123456789abcdef.tmp`, 'record.jsonl']);
});

test('a record that a crash cut short is read as far as it goes; a newer one is refused', async () => {
  await collect(first);
  await appendFile(at('.manyhands/record.jsonl'), '{"unit":"4","dig');
  expect(await collect(first)).toEqual({ written: [], refused: [], movedCount: 0 });
  await collect({ id: 'v2', program: 'two', answers: { 1: 'A', 2: 'B', 3: 'C' } });
  expect(contents()).toMatchObject({ 1: 'A', '.superseded/v1/1': 'a' });
  await appendFile(at('.manyhands/record.jsonl'), '{"version":2,"begin":"x"}\n');
  await expect(collect(first)).rejects.toThrow(expect.objectContaining({ code: 'MH-GEN-007' }));
});

/** Everything that changes a file system, in Node's own module; from the given call on, nothing changes any more. */
function crashAt(call: number): { calls(): number; restore(): void } {
  const SYNC = ['writeSync', 'openSync', 'mkdirSync', 'rmSync', 'rmdirSync'] as const;
  const ASYNC = ['writeFile', 'rename', 'rm', 'mkdir'] as const;
  const before = { sync: { ...fs }, promises: { ...fs.promises } };
  let calls = 0;
  const counted = (original: unknown, fail: (error: Error) => unknown) =>
    function counting(this: unknown, ...parameters: unknown[]): unknown {
      if (original === before.sync.openSync && parameters[1] === 'r')
        return (original as () => unknown).apply(this, parameters as []);
      calls += 1;
      if (calls >= call) return fail(new Error('crashed'));
      return (original as (...all: unknown[]) => unknown).apply(this, parameters);
    };
  const raise = (error: Error): never => {
    throw error;
  };
  for (const name of SYNC) Object.assign(fs, { [name]: counted(before.sync[name], raise) });
  for (const name of ASYNC)
    Object.assign(fs.promises, { [name]: counted(before.promises[name], (error) => Promise.reject(error)) });
  syncBuiltinESMExports();
  return {
    calls: () => calls,
    restore: () => {
      Object.assign(fs, Object.fromEntries(SYNC.map((name) => [name, before.sync[name]])));
      Object.assign(fs.promises, Object.fromEntries(ASYNC.map((name) => [name, before.promises[name]])));
      syncBuiltinESMExports();
    },
  };
}

test('a crash between any two changes leaves what the next run mends', async () => {
  const files = ['t'];
  const one = { id: 'v1', program: 'one', answers: { 1: 'a', 2: 'b', 3: 'c' }, collect: files };
  const two = { id: 'v2', program: 'two', answers: { 1: 'A', 2: 'b', 3: null, '4/x': 'd' }, collect: files };
  const withFiles = (answers: Answers, folder = ''): Record<string, string> =>
    Object.fromEntries(
      Object.entries(answers).flatMap(([name, text]) =>
        text === null
          ? []
          : [[`${folder}${name}`, text], ...files.map((file) => [`${folder}${name}.d/${file}`, `${text} in ${file}`])],
      ),
    );
  let crashes = 0;
  for (let call = 1; ; call += 1) {
    directory = await temporaryFolder();
    await writeFile(at('mine'), 'mine');
    await collect(one);
    const crash = crashAt(call);
    const isDone = await collect(two)
      .then(() => crash.calls() < call)
      .catch(() => false)
      .finally(crash.restore);
    const seen = contents();
    for (const [path, text] of Object.entries({ ...withFiles(one.answers), ...withFiles(two.answers) }))
      expect(
        [undefined, text, withFiles(one.answers)[path], withFiles(two.answers)[path]],
        `${path} after ${call}`,
      ).toContain(seen[path]);
    const { refused } = await collect(two);
    expect(refused, `after ${call}`).toEqual([]);
    const { mine, ...rest } = contents();
    const results = Object.fromEntries(Object.entries(rest).filter(([path]) => !path.startsWith('.superseded/')));
    expect(mine).toBe('mine');
    expect(results, `after ${call}`).toEqual(withFiles(two.answers));
    for (const [path, text] of Object.entries(withFiles({ 1: 'a', 3: 'c' })))
      expect(Object.entries(rest), `${path} after ${call}`).toContainEqual([`.superseded/v1/${path}`, text]);
    if (isDone) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(20);
});
