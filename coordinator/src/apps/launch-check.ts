// Starts the process that checks one app version, behind the wall: it is shown the blocks of that version's modules, and nothing else of the coordinator's.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AppVersion, type Cid, decodeFileList, type FileRef, hasFileList } from '@manyhands/contract';
import { type Confined, launch, readablePaths, type Wall } from '@manyhands/sandbox';
import { blockFileOf } from '../blocks/block-files.js';
import type { CheckRequest } from './check/check-module.js';

const ZONE = { packageFolder: new URL('../..', import.meta.url), name: 'check' };
/** V8 compiles a second time, and better, what ran often: 13 million bytes of code by default. Most of the pipeline runs too briefly for that to pay. */
const TIERING_FLAG = '--wasm-tiering-budget=1000000000';
/** The child is a real file: from sources it is the built one. */
const SCRIPT = fileURLToPath(new URL('../../dist/apps/check/check-process.js', import.meta.url));

export function launchCheck(
  options: { nice: number; memoryBytes: number; blockFiles: CheckRequest['blockFiles'] },
  wall: Wall,
): Confined {
  const { nice, memoryBytes, blockFiles } = options;
  return launch(
    {
      script: SCRIPT,
      args: [String(nice)],
      nodeFlags: ['--no-addons', TIERING_FLAG],
      reads: [...readablePaths(ZONE), ...Object.values(blockFiles)],
      standardOutput: 'pipe',
      memoryBytes,
      mayBeStopped: true,
    },
    wall,
  );
}

/** Files of all blocks of the modules that are there. The check verifies them; what cannot be understood here it refuses. */
export async function blockFilesOf(
  { original, builds }: Pick<AppVersion, 'original' | 'builds'>,
  blocksDirectory: string,
): Promise<CheckRequest['blockFiles']> {
  const cids: Cid[] = [];
  for (const module of [original, ...Object.values(builds)]) cids.push(...(await blocksOf(module, blocksDirectory)));
  const files = cids.map((cid) => [cid, blockFileOf(blocksDirectory, cid)] as const);
  return Object.fromEntries(files.filter(([, file]) => existsSync(file)));
}

async function blocksOf(module: FileRef, blocksDirectory: string): Promise<Cid[]> {
  if (!hasFileList(module)) return [module.cid];
  try {
    const list = await readFile(blockFileOf(blocksDirectory, module.cid));
    return [module.cid, ...decodeFileList(module, list).blocks];
  } catch {
    return [module.cid];
  }
}
