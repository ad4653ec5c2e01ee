// Builds as the library and a real coordinator make them: what one can build the other can, and what is refused is made again.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildsOf, connect, type Project } from '@manyhands/sdk';
import { ManyhandsProcess, temporaryFolder } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildModule, I32 } from '../../../work-units/runtime/test/support/wasm-builder.js';

const wasm = { path: new URL('../fixtures/probe.wasm', import.meta.url) };
let directory: string;
let coordinatorProcess: ManyhandsProcess;
let project: Project;

const at = (...parts: string[]): string => join(directory, ...parts);

beforeAll(async () => {
  directory = await temporaryFolder('sdk-builds');
  const args = ['coordinator', 'start', '--port', '0', '--open', '--data', at('coordinator'), '--json'];
  coordinatorProcess = new ManyhandsProcess(args, { lifetime: 'file' });
  const { url } = await coordinatorProcess.event('listening');
  const coordinator = await connect(String(url), { dataDirectory: at('scientist') });
  project = await coordinator.project('probing', { question: 'Does it build?' });
});

afterAll(() => coordinatorProcess.stop());

test('what can be built here, the coordinator can build too: statements without end', async () => {
  // Each one needs the one before, so that the tools make a single expression of all of them.
  const statement = [0x20, 0, 0x20, 0, 0x6c, 0x41, 7, 0x6a, 0x21, 0];
  const code = Array.from({ length: 1_000 }, () => statement).flat();
  const program = new Uint8Array(buildModule({ functions: [{ locals: [I32], code }] }));
  await expect(project.app({ name: 'long', wasm: program })).resolves.toMatchObject({ id: expect.any(String) });
});

test('a build in the cache that the coordinator refuses is made again', async () => {
  const memoryMaximumBytes = 32 * 2 ** 20;
  await project.app({ name: 'stale', wasm, memoryMaximumBytes });
  const folders = await readdir(at('scientist/builds'));
  for (const folder of folders) {
    const record = at('scientist/builds', folder, 'build.json');
    const other = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1);
    await writeFile(at('scientist/builds', folder, 'all.wasm'), other);
    const digest = createHash('sha256').update(other).digest('hex');
    const text = await readFile(record, 'utf8');
    await writeFile(record, text.replace(/"all": "[0-9a-f]{64}"/, `"all": "${digest}"`));
  }
  const steps: string[] = [];
  const again = await project.app({
    name: 'stale-again',
    wasm,
    memoryMaximumBytes,
    onProgress: (step) => steps.push(step),
  });
  expect(steps).toContain('building');
  expect(buildsOf(again.program)[1]?.[1].length).toBeGreaterThan(1000);
  await rm(at('scientist/builds'), { recursive: true });
});
