// The prophage example: which stretches of phage lambda lie hidden in the genome of E. coli 536? See SPEC.md.
export { ProphageError, type ProphageErrorCode } from './errors.js';
export { parseFasta, type SequenceRecord } from './fasta.js';
export { type LoadedRecord, loadGenome, loadPhage, prophageModule } from './files.js';
export { parseHits } from './hits.js';
export { mergeHits } from './merge.js';
export { dotPlotSvg } from './picture.js';
export {
  DEFAULT_REGION,
  DEFAULT_STRIDE_BASES,
  DEFAULT_WINDOW_BASES,
  MAX_WINDOW_BASES,
  PHAGE_FILE,
  type PlannedUnit,
  type PlanOptions,
  planUnits,
} from './plan.js';
export type { Hit, PathRun, Region, Strand, Stretch, WindowHits } from './types.js';
