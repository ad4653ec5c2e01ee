// Makes everything of a kernel that is run: native program, plain module, and the builds of the pipeline.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Build, type BuiltApp, buildApp } from '@manyhands/instrument';
import { type DebianSource, debianSource } from './debian-source.js';
import type { Kernel } from './kernels.js';
import { compileModule, compileNative, hasNativeCompiler, kernelSource } from './toolchain.js';

const MODULE_MAXIMUM_BYTES = 64 * 1024 * 1024;

export type PreparedBuild = { build: Build; file: string; sizeBytes: number };
export type PreparedKernel = {
  kernel: Kernel;
  /** Program and version of a package. */
  version: string | null;
  sourceLines: number;
  native: string | null;
  plainFile: string;
  plainBytes: number;
  builds: PreparedBuild[];
  /** CPU time of the pipeline for all builds of the command. */
  buildMs: number;
  inputFolder: string | null;
};

/** The kernel ready to run, or why it cannot be. */
export async function prepareKernel(kernel: Kernel, work: string): Promise<PreparedKernel | string> {
  const folder = join(work, kernel.name);
  mkdirSync(folder);
  const found = sourcesOf(kernel, folder);
  if (typeof found === 'string') return found;
  const { sources, version } = found;
  const sourceLines = sources.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length, 0);
  const plainFile = join(folder, 'plain.wasm');
  const plain = compileModule(sources, plainFile);
  const before = process.cpuUsage();
  const app = await build(plain, kernel);
  const spent = process.cpuUsage(before);
  const builds = save(app, folder);
  if (kernel.stepSource !== undefined) {
    const step = compileModule([kernelSource(kernel.stepSource)], join(folder, 'plain-step.wasm'), true);
    builds.push(...save(await build(step, kernel), folder));
  }
  return {
    kernel,
    version,
    sourceLines,
    native: hasNativeCompiler() ? compileNative(sources, join(folder, 'native')) : null,
    plainFile,
    plainBytes: plain.length,
    builds,
    buildMs: (spent.user + spent.system) / 1000,
    inputFolder: kernel.inputBytes > 0 ? writeInput(kernel.inputBytes, folder) : null,
  };
}

function sourcesOf(kernel: Kernel, folder: string): { sources: string[]; version: string | null } | string {
  if (kernel.package === undefined) return { sources: kernel.sources.map(kernelSource), version: null };
  const work = join(folder, 'package');
  mkdirSync(work);
  const source: DebianSource | string = debianSource(kernel.package.name, work);
  if (typeof source === 'string') return source;
  const { sources: pattern } = kernel.package;
  const files = readdirSync(source.folder, { recursive: true, encoding: 'utf8' });
  const sources = files
    .map((file) => join(source.folder, file))
    .filter((file) => pattern.test(relative(source.folder, file)));
  return { sources: sources.sort(), version: source.version };
}

function build(wasm: Uint8Array, { memoryMaximumBytes }: Kernel): Promise<BuiltApp> {
  return buildApp(wasm, { memoryMaximumBytes, moduleMaximumBytes: MODULE_MAXIMUM_BYTES });
}

function save({ builds }: BuiltApp, folder: string): PreparedBuild[] {
  return (Object.entries(builds) as [Build, Uint8Array][]).map(([build, wasm]) => {
    const file = join(folder, `${build}.wasm`);
    writeFileSync(file, wasm);
    return { build, file, sizeBytes: wasm.length };
  });
}

/** Text of words from a small vocabulary, the same every time. */
function writeInput(sizeBytes: number, folder: string): string {
  const input = join(folder, 'input');
  mkdirSync(input);
  let [state, text] = [1, ''];
  while (text.length < sizeBytes) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const word = (state >>> 12) % 997;
    text += `${word.toString(36)}${word % 7 === 0 ? 'ing' : ''}${word % 11 === 0 ? '.\n' : ' '}`;
  }
  writeFileSync(join(input, 'input.txt'), text.slice(0, sizeBytes));
  return input;
}
