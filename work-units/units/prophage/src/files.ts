// The files that come with the unit: the compiled module and the two sequence records.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseFasta, type SequenceRecord } from './fasta.js';

/** A record together with its uncompressed FASTA text, as the unit reads it. */
export interface LoadedRecord extends SequenceRecord {
  readonly fasta: Uint8Array<ArrayBuffer>;
}

/** The compiled unit, a WASI preview 1 command. Throws ENOENT before the project is built. */
export function prophageModule(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL('../dist/prophage.wasm', import.meta.url)));
}

/** Phage lambda, NC_001416: 48,502 bases. Its `fasta` is the in-memory file `phage.fa` of every unit. */
export function loadPhage(): LoadedRecord {
  return loadRecord('phage-lambda-NC_001416.fa.gz');
}

/** Escherichia coli 536, NC_008253: 4,938,920 bases. */
export function loadGenome(): LoadedRecord {
  return loadRecord('e-coli-536-NC_008253.fa.gz');
}

function loadRecord(file: string): LoadedRecord {
  const fasta = new Uint8Array(gunzipSync(readFileSync(new URL(`../data/${file}`, import.meta.url))));
  return { ...parseFasta(new TextDecoder().decode(fasta)), fasta };
}
