// Builds and their report as files, and the report itself: the same program gives the same report.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { COST_TABLE, fileError, HOST_ABI, INSTRUMENTER, markSpacingOf, splitFile } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { type BuiltProgram, buildsOf } from '@manyhands/sdk';
import { appNameOf } from './map-options.js';

type ModuleWords = { cid: string; sha256: string; sizeBytes: number };

export type AppReport = {
  version: 1;
  program: string;
  abi: BuiltProgram['abi'];
  hostAbi: number;
  instrumenter: string;
  costTable: string;
  original: ModuleWords;
  builds: Record<string, ModuleWords>;
  memoryInitialBytes: number;
  memoryMaximumBytes: number;
  /** Fuel between two marks of the chain of state hashes. */
  markSpacing: number;
  imports: string[];
  hasFloat: boolean;
  /** What the instrumentation found: see `manyhands app inspect`. */
  code: BuiltProgram['report'];
};

export function reportOf(path: string, built: BuiltProgram): AppReport {
  const { abi, memoryInitialBytes, memoryMaximumBytes, imports, hasFloat } = built;
  return {
    version: 1,
    program: basename(path),
    abi,
    hostAbi: HOST_ABI,
    instrumenter: INSTRUMENTER,
    costTable: COST_TABLE,
    original: describe(built.original),
    builds: Object.fromEntries(buildsOf(built).map(([name, bytes]) => [name, describe(bytes)])),
    memoryInitialBytes,
    memoryMaximumBytes,
    markSpacing: markSpacingOf(memoryMaximumBytes),
    imports,
    hasFloat,
    code: built.report,
  };
}

function describe(bytes: Uint8Array): ModuleWords {
  return {
    cid: splitFile(bytes).ref.cid,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
  };
}

/** Writes the builds and the report. Returns the files, the report last. Throws MH-GEN-013. */
export async function writeBuilds(
  report: AppReport,
  built: BuiltProgram,
  directory: string | undefined,
): Promise<string[]> {
  const name = appNameOf(report.program);
  const folder = directory ?? `${name}.build`;
  const contents: [string, Uint8Array | string][] = [
    ...buildsOf(built).map(([build, bytes]): [string, Uint8Array] => [`${name}.${build}.wasm`, bytes]),
    [`${name}.report.json`, `${JSON.stringify(report, null, 2)}\n`],
  ];
  try {
    ensureFolder(folder);
    for (const [file, content] of contents) await writeFile(join(folder, file), content);
  } catch (cause) {
    throw fileError('write into', folder, cause);
  }
  return contents.map(([file]) => join(folder, file));
}
