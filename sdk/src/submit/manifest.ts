// Turns inputs into the manifest: pages of unit descriptors as they come, then the root. The same inputs give the same bytes.
import {
  type AppVersionId,
  BLOCK_MAXIMUM_BYTES,
  type Block,
  type Cid,
  encodeDagCbor,
  encodeManifestPage,
  type ManifestRoot,
  ManyhandsError,
  manifestRootSchema,
  type ProjectId,
  sha256,
  shapeTrouble,
  toBase32,
  UNITS_PER_PAGE,
  type UnitDescriptor,
} from '@manyhands/contract';
import {
  type BatchOptions,
  DEFAULT_EXPECTED_DURATION_MS,
  DEFAULT_OUTPUT_MAXIMUM_BYTES,
  DEFAULT_TIMEOUT_MS,
  fuelMaximumOf,
  type Input,
  type Inputs,
} from './options.js';
import type { Source, SourceReader } from './source.js';
import { checkUnit } from './unit-checks.js';
import { UnitNames } from './unit-names.js';

type NamedFile = ManifestRoot['common']['files'][number];
/** The root but for what names the batch. */
type Contents = Omit<ManifestRoot, 'version' | 'projectId' | 'batchName'>;

export type ManifestDependencies = {
  sources: SourceReader;
  /** Takes the blocks of the pages. */
  addBlock(block: Block): Promise<void>;
  onUnit(unitCount: number): void;
};

/** What scientists know the parts of a batch by. */
const OPTIONS: Readonly<Record<string, string>> = {
  batchName: 'the name of the batch',
  unitCount: 'the number of units',
  'common.programName': 'the name of the program',
  'common.args': 'the arguments',
  'common.env': 'the environment',
  'common.files': 'the name of a shared file',
  'common.collect': 'the name of a file to collect',
  'common.okExitCodes': 'the exit codes that mean success',
  'common.clockMs': 'the clock',
  'limits.timeoutMs': 'the timeout',
  'limits.outputMaximumBytes': 'the limit of output',
  'limits.fuelMaximum': 'the limit of fuel',
  'limits.expectedDurationMs': 'the expected duration',
};

export type PageOptions = {
  hasCollectedFiles: boolean;
  unitsMaximum: number;
  /** What every unit finds beside its own files. */
  sharedFiles?: readonly NamedFile[];
  signal?: AbortSignal | undefined;
};

/** Writes the pages of all inputs. Holds one page at a time. Throws MH-BAT-005, MH-BAT-006, MH-BAT-007, MH-GEN-009. */
export async function writePages(
  inputs: Inputs,
  options: PageOptions,
  dependencies: ManifestDependencies,
): Promise<{ pages: Cid[]; unitCount: number }> {
  const names = new UnitNames(options);
  const pages: Cid[] = [];
  let units: UnitDescriptor[] = [];
  let unitCount = 0;
  const closePage = async (): Promise<void> => {
    const page = encodePage({ version: 1, firstIndex: pages.length * UNITS_PER_PAGE, units });
    pages.push(page.cid);
    units = [];
    await dependencies.addBlock(page);
  };
  for await (const input of inputs) {
    options.signal?.throwIfAborted();
    if (unitCount >= options.unitsMaximum) throw tooMany(options.unitsMaximum);
    names.add(input.name);
    const unit = await describeUnit(input, dependencies.sources);
    checkUnit(unit, options.sharedFiles ?? []);
    units.push(unit);
    unitCount += 1;
    dependencies.onUnit(unitCount);
    if (units.length === UNITS_PER_PAGE) await closePage();
  }
  if (unitCount === 0)
    throw new ManyhandsError('MH-BAT-007', { message: 'There are no inputs, so there is nothing to compute.' });
  if (units.length > 0) await closePage();
  return { pages, unitCount };
}

async function describeUnit(input: Input, sources: SourceReader): Promise<UnitDescriptor> {
  return {
    name: input.name,
    args: [...(input.args ?? [])],
    stdin: input.stdin === undefined ? null : await sources.store(input.stdin),
    files: await storeFiles(input.files ?? {}, sources),
  };
}

/** Stores named files, in the order of their names. */
export async function storeFiles(files: Readonly<Record<string, Source>>, sources: SourceReader): Promise<NamedFile[]> {
  const stored: NamedFile[] = [];
  for (const [name, source] of Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)))
    stored.push({ name, ...(await sources.store(source)) });
  return stored;
}

/** The root of a manifest. Throws MH-GEN-009 when an option is out of its bounds. */
export function makeRoot(
  identity: { projectId: ProjectId; appVersionId: AppVersionId; appName: string },
  options: BatchOptions,
  written: { pages: Cid[]; unitCount: number; files: NamedFile[] },
): ManifestRoot {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const contents: Contents = {
    appVersionId: identity.appVersionId,
    unitCount: written.unitCount,
    pages: written.pages,
    common: {
      programName: options.programName ?? identity.appName,
      args: [...(options.args ?? [])],
      env: { ...options.env },
      files: written.files,
      collect: [...new Set(options.collect ?? [])].sort(),
      okExitCodes: [...new Set(options.okExitCodes ?? [0])].sort((left, right) => left - right),
      clockMs: options.clockMs ?? null,
    },
    limits: {
      timeoutMs,
      outputMaximumBytes: options.outputMaximumBytes ?? DEFAULT_OUTPUT_MAXIMUM_BYTES,
      fuelMaximum: fuelMaximumOf(options),
      expectedDurationMs: options.expectedDurationMs ?? Math.min(timeoutMs, DEFAULT_EXPECTED_DURATION_MS),
    },
    presentation: options.presentation ?? null,
  };
  const batchName =
    options.name ?? `${identity.appName.slice(0, 100)}-${toBase32(sha256(encodeDagCbor(contents))).slice(0, 10)}`;
  const root = manifestRootSchema.safeParse({ version: 1, projectId: identity.projectId, batchName, ...contents });
  if (root.success) return root.data;
  throw new ManyhandsError('MH-GEN-009', { message: `The batch is not usable: ${shapeTrouble(root.error, OPTIONS)}.` });
}

function encodePage(page: Parameters<typeof encodeManifestPage>[0]): Block {
  const block = encodeManifestPage(page);
  if (block.bytes.length <= BLOCK_MAXIMUM_BYTES) return block;
  throw new ManyhandsError('MH-BAT-005', {
    message: `The arguments of the units from ${page.units[0]?.name} on are too long: ${UNITS_PER_PAGE} units may have about 1 MiB of them. Please pass them on standard input or in a file.`,
    meta: { firstIndex: page.firstIndex, sizeBytes: block.bytes.length },
  });
}

function tooMany(maximum: number): ManyhandsError {
  return new ManyhandsError('MH-BAT-005', {
    message: `A batch may have at most ${maximum} units. Please submit several batches.`,
    meta: { unitsMaximum: maximum },
  });
}
