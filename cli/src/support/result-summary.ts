// The summary beside the record: one line for each unit of a batch, with state, digest and file.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileError } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { RECORD_FOLDER, syncFolder } from './result-record.js';

/** `accepted`, `open`, `held`, or how the unit ended without a result; `file`: below the folder of results, null where there is none. */
export type UnitSummary = {
  state: string;
  digest: string | null;
  exitCode: number | null;
  file: string | null;
  code: string | null;
};

const TITLES = 'index\tunit\tstate\tdigest\texitCode\tfile\tcode\n';
const OPEN: UnitSummary = { state: 'open', digest: null, exitCode: null, file: null, code: null };
/** Lines are written together: a batch may have a million of them. */
const LINES_AT_ONCE = 1000;

export function summaryFileOf(directory: string, batchName: string): string {
  return join(directory, RECORD_FOLDER, `${batchName}.tsv`);
}

/** Writes it whole or not at all; names of units hold neither tabs nor line feeds. Throws MH-GEN-010, MH-GEN-013. */
export function writeSummary(
  file: string,
  { names, units }: { names: readonly string[]; units: ReadonlyMap<number, UnitSummary> },
): void {
  const temporary = join(dirname(file), `${process.pid}-${randomBytes(8).toString('hex')}.tmp`);
  try {
    ensureFolder(dirname(file));
    const handle = openSync(temporary, 'w');
    try {
      write(handle, TITLES);
      for (let start = 0; start < names.length; start += LINES_AT_ONCE)
        write(
          handle,
          names
            .slice(start, start + LINES_AT_ONCE)
            .map((name, offset) => lineOf(start + offset, name, units.get(start + offset) ?? OPEN))
            .join(''),
        );
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw fileError('write', file, cause);
  }
}

function write(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(handle, bytes, offset);
}

function lineOf(index: number, name: string, { state, digest, exitCode, file, code }: UnitSummary): string {
  return `${[index, name, state, digest ?? '', exitCode ?? '', file ?? '', code ?? ''].join('\t')}\n`;
}
