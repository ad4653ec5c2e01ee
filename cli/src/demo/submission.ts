// What the demo computes: the prophage example as a scientist would submit it.

import {
  DEFAULT_REGION,
  loadGenome,
  loadPhage,
  PHAGE_FILE,
  planUnits,
  prophageModule,
  type Region,
} from '@manyhands/coordinator/example';
import type { Batch, Coordinator } from '@manyhands/sdk';

export const DEMO_PROJECT = {
  name: 'lambda-in-536',
  title: 'Phage lambda in E. coli 536',
  question: 'Which stretches of phage lambda lie hidden in the genome of E. coli 536?',
  description:
    'Viruses that infect bacteria sometimes stay: they write themselves into the genome of their host and are copied with it for thousands of generations, until little is left of them.\n' +
    'This search aligns the whole of phage lambda with every stretch of the genome of Escherichia coli 536, a strain that causes infections of the urinary tract, exactly and on both strands.',
  // Sequences of the International Nucleotide Sequence Database Collaboration are free to use without restriction; see the header of each file in its data.
  inputLicence: 'public domain: NC_008253 and NC_001416, sequences of INSDC (GenBank)',
  resultLicence: 'CC0-1.0',
  contact: 'whoever started this demo, on this computer',
  runBy: 'the demo of Manyhands',
};

const MEMORY_MAXIMUM_BYTES = 256 * 2 ** 20;
const EXPECTED_DURATION_MS = 1_000;

export type Hunt = { batch: Batch; region: Region };

/** Creates project, app and batch. */
export async function submitHunt(
  coordinator: Coordinator,
  { isFull, signal }: { isFull: boolean; signal: AbortSignal },
): Promise<Hunt> {
  const [phage, genome] = [loadPhage(), loadGenome()];
  const region = isFull ? { start: 1, end: genome.sequence.length } : DEFAULT_REGION;
  const project = await coordinator.project(DEMO_PROJECT.name, DEMO_PROJECT);
  const app = await project.app({
    name: 'prophage',
    wasm: prophageModule(),
    memoryMaximumBytes: MEMORY_MAXIMUM_BYTES,
  });
  const units = planUnits({ genome: genome.sequence, region }).map(({ name, args, stdin }) => ({
    name,
    args: [...args],
    stdin,
  }));
  const batch = await app.map(units, {
    name: isFull ? 'whole-genome' : 'known-prophage',
    files: { [PHAGE_FILE]: phage.fasta },
    expectedDurationMs: EXPECTED_DURATION_MS,
    presentation: {
      kind: 'dot-plot',
      x: { label: 'E. coli 536', start: region.start, end: region.end },
      y: { label: 'phage lambda', start: 1, end: phage.sequence.length },
      columns: { yStart: 0, yEnd: 1, xStart: 2, xEnd: 3, strand: 4, score: 5, matchCount: 6, columnCount: 7 },
    },
    signal,
  });
  return { batch, region };
}
