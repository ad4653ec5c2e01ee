// `manyhands map`: one program over many inputs, like GNU parallel, on many hands.
import { ManyhandsError } from '@manyhands/contract';
import { waitingForNetworkInWords } from '@manyhands/contract/words';
import type { Batch, BatchOptions, Coordinator, Input, LocalProgram, Progress } from '@manyhands/sdk';
import type { Command } from 'commander';
import { action, collectWords, type Output } from './output.js';
import { addConnectionOptions, addProjectOption } from './support/connection.js';
import type { MapOptions } from './support/map-options.js';

const EXAMPLES = `
Results land in the folder of --out: what a unit writes to standard output under the name of its input file, collected files in
NAME.d/. A pattern's results keep the path below its longest folder without wildcards. With --each-line every line that has more
than blanks and tabs is a unit, named 000001, 000002, ... by its line number; lines end at line feeds, words at blanks and tabs, with
'…', "…" and \\ as in a shell, without expansion. Failed units are listed with the end of their standard error.

Run the same command again to continue. --quorum, --priority and --expires may then be others, as long as the batch is open; all other
options are part of what is computed, and make another batch. Results of earlier batches that the new one does not confirm are moved
to .superseded/ in the folder of results; .manyhands/NAME.tsv there lists all units of a batch with state, digest and file.

Exit codes: 0 all units accepted; 1 some units failed; 2 wrong usage or a refusal; 3 trouble with network or disk, try again;
            4 no unit failed, but the batch was cancelled, expired or stopped by the operator before all were done;
            130 interrupted, the batch continues without you.

Examples:
  manyhands map count.wasm --coordinator http://127.0.0.1:8420 --project words --each 'texts/*.txt' --out counts
  manyhands map solve.wasm --coordinator http://127.0.0.1:8420 --project sat --each 'cnf/**/*.cnf' --as-file in.cnf --arg in.cnf \\
      --ok-exit 0,10,20 --timeout 30m --out answers
  manyhands map fit.wasm --coordinator http://127.0.0.1:8420 --project fits --each-line params.txt --file data.csv=big.csv \\
      --collect curve.csv --out fits`;

export function registerMap(program: Command): void {
  const command = program
    .command('map')
    .argument('<program.wasm>', 'a WASI preview 1 command, or a step program')
    .description('Run a program over many inputs and collect the results');
  addProjectOption(addConnectionOptions(command))
    .option('--each <pattern>', 'every matching file is a unit: its standard input (quote the pattern)')
    .option('--each-line <file>', 'every line of the file is a unit: its words follow the other arguments')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--name <batch>', 'name of the batch (default: derived from program and inputs)')
    .option('--arg <word>', 'argument of every unit; repeat for more', collectWords)
    .option('--as-file <name>', 'give the matching file to the program as this file instead of standard input')
    .option('--file <name=path>', 'input file that all units share; repeat for more', collectWords)
    .option('--collect <name>', 'output file that belongs to the result; repeat for more', collectWords)
    .option('--ok-exit <codes>', 'exit codes that mean success', '0')
    .option('--quorum <n>', 'how many computers of different accounts must agree, 1 to 5 (default: 2)')
    .option('--timeout <duration>', 'longest run of one unit, for example 10m (default: 1h)')
    .option('--expect <duration>', 'what one unit takes on an ordinary core (default: 1m)')
    .option('--memory <size>', 'most memory of one unit, for example 1GiB (default: 512MiB)')
    .option('--fuel <amount>', 'most fuel of one unit, for example 5T (default: 20 million for each ms of the timeout)')
    .option('--clock <time>', 'what the clocks say to the program, as 2026-11-22 (default: the fixed time of the ABI)')
    .option('--priority <n>', 'higher goes first among the batches of the project, -100 to 100')
    .option('--expires <duration>', 'time after the submission at which open units end, or never (default: never)')
    .option('--dry-run', 'run some units here, chosen at random, estimate the cost, submit nothing')
    .option('--seed <n>', 'with --dry-run: which units are chosen (default: others each time)')
    .option(
      '--try-for <duration>',
      'with --dry-run: how long it may take in all, half of it for one unit (default: 2m)',
    )
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments()
    .action(
      action<MapOptions>(async ({ args: [file = '', ...more], options, out, command }) => {
        refuseExpanded(more);
        return run(file, { options, out, command });
      }),
    );
}

/** Without quotes the shell puts all files that match in the place of the pattern. Throws MH-GEN-009. */
function refuseExpanded([first, ...more]: readonly string[]): void {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  throw new ManyhandsError('MH-GEN-009', {
    message: `${first}${others}: too many words. If they came from a pattern, please put it in quotes, for example --each 'inputs/*.txt', so that the shell leaves it alone.`,
  });
}

async function run(program: string, context: Omit<Context, 'signal'>): Promise<number> {
  const { interruptible } = await import('./support/interrupt.js');
  const { out } = context;
  return interruptible(
    (signal) => map(program, { ...context, signal }),
    () => out.note('Interrupted. What was submitted continues without you; run the same command again to collect it.'),
  );
}

type Context = { options: MapOptions; out: Output; signal: AbortSignal; command: Command };

async function map(program: string, { options, out, signal, command }: Context): Promise<number> {
  const { appOptionsOf, batchOptionsOf, checkInputOptions, dryRunOptionsOf } = await import('./support/map-options.js');
  const { openCoordinator, openOwnProject, sameConnection } = await import('./support/connection.js');
  const { acceptedOf, collectResults } = await import('./support/collecting.js');
  const { ResultFolder } = await import('./support/result-folder.js');
  checkInputOptions(options);
  const batchOptions = batchOptionsOf(options, program);
  const dryRunOptions = dryRunOptionsOf(options);
  const appOptions = { ...appOptionsOf(options, program), wasm: { path: program } };
  const folder = new ResultFolder({ directory: options.out, collect: options.collect ?? [] });
  const inputs = await planInputs(options, folder.files);
  const coordinator = await openCoordinator(options, { out, signal });
  if (options.dryRun === true)
    return trySome({ out, signal }, { coordinator, inputs, appOptions, batchOptions, ...dryRunOptions });
  const project = await openOwnProject(coordinator, options, signal);
  await folder.files.prepare();
  const { noteProgress } = await import('./support/publishing.js');
  const notes = noteProgress(out);
  const app = await project.app({ ...appOptions, signal, onProgress: notes.show }).finally(notes.end);
  const names = inputs.map(({ name }) => name);
  const before: { batch: Batch | null } = { batch: null };
  const onFound = (found: Batch | null): Promise<void> => {
    before.batch = found;
    return folder.check(names, acceptedOf(found, signal));
  };
  const batch = await app
    .map(inputs, { ...batchOptions, signal, onFound, onProgress: showUpload(out) })
    .catch((error: unknown) => throwWithCommand(error, command));
  announce(batch, { coordinator, existing: before.batch, out });
  const at = sameConnection(coordinator, options);
  return collectResults(batch, { directory: options.out, follow: true, signal, at, names }, { out, folder });
}

/** Where another name helps, the whole command with one is said. */
async function throwWithCommand(cause: unknown, command: Command): Promise<never> {
  const error = ManyhandsError.from(cause);
  const { meta } = error;
  const name =
    error.code === 'MH-BAT-010'
      ? `${String(meta.batch).slice(0, NAME_SHORTENED)}-quorum-${meta.asked}`
      : error.code === 'MH-BAT-001'
        ? `${String(meta.name).slice(0, NAME_SHORTENED)}-2`
        : undefined;
  if (name === undefined) throw cause;
  const { sameCommand } = await import('./support/same-command.js');
  throw new ManyhandsError(error.code, {
    message: `${error.message} For example:\n  ${sameCommand(command, { name })}`,
    meta,
    cause,
  });
}

/** Leaves room for what is added to a name. */
const NAME_SHORTENED = 110;

/** All inputs, with names that do not collide and results that overwrite no input. */
async function planInputs(options: MapOptions, files: { fileOf(name: string): string }): Promise<Input[]> {
  const { UnitNames } = await import('@manyhands/sdk');
  const { planFiles, refuseOverwriting } = await import('./support/planned-inputs.js');
  const { planLines } = await import('./support/planned-lines.js');
  const inputs =
    options.each === undefined
      ? await planLines(options.eachLine ?? '')
      : await planFiles(options.each, { asFile: options.asFile, outDirectory: options.out });
  const names = new UnitNames({ hasCollectedFiles: (options.collect ?? []).length > 0 });
  for (const { name } of inputs) names.add(name);
  refuseOverwriting(inputs, (name) => files.fileOf(name));
  return inputs;
}

type Trial = {
  coordinator: Coordinator;
  inputs: Input[];
  appOptions: LocalProgram;
  batchOptions: BatchOptions;
  seed: number;
  totalMs: number;
};

async function trySome(
  { out, signal }: Pick<Context, 'out' | 'signal'>,
  { coordinator, inputs, appOptions, batchOptions, seed, totalMs }: Trial,
): Promise<number> {
  const { dryRun } = await import('./support/dry-run.js');
  const { limits } = coordinator.info;
  const { dataDirectory } = coordinator;
  const work = {
    program: { ...appOptions, limits, dataDirectory },
    inputs,
    options: batchOptions,
    ...{ seed, totalMs },
  };
  return dryRun(work, { out, coordinator, signal });
}

const UPLOAD_NOTE_INTERVAL_MS = 2_000;

/** Says how far the upload is, when it takes long enough to ask. */
function showUpload(out: Output): (progress: Progress) => void {
  let shownAtMs = performance.now();
  return ({ unitsPrepared, uploadedBytes }) => {
    if (performance.now() - shownAtMs < UPLOAD_NOTE_INTERVAL_MS) return;
    shownAtMs = performance.now();
    out.note(`  ${unitsPrepared} units prepared, ${Math.round(uploadedBytes / 2 ** 20)} MiB sent`);
  };
}

/** What `--help` calls the parts of the policy. */
const FLAGS: Readonly<Record<string, string>> = {
  quorum: '--quorum',
  priority: '--priority',
  expiresAfterMs: '--expires',
};

type Announced = { coordinator: Coordinator; existing: Batch | null; out: Output };

function announce(batch: Batch, { coordinator, existing, out }: Announced): void {
  const { id, name, initialStatus } = batch;
  const { counts, state, quorum, isWaitingForNetwork = false } = initialStatus;
  const unused = batch.unusedOptions.map((option) => FLAGS[option] ?? option);
  out.json({ version: 1, event: 'submitted', batch: { id, name, state, quorum, counts, isWaitingForNetwork }, unused });
  const settled = counts.accepted + counts.failed;
  const resumed = settled > 0 ? `, ${settled} of them done before` : '';
  out.note(
    `Batch ${out.color.bold(name)}: ${counts.total} ${counts.total === 1 ? 'unit' : 'units'}${resumed}. Watch it at ${pageOf(batch, coordinator)}`,
  );
  const waitsFor = waitingForNetworkInWords(initialStatus);
  if (waitsFor !== null) out.note(`  ${waitsFor}`);
  if (unused.length > 0) out.note(`  ${unused.join(' and ')} had no use: the batch is ${state} already.`);
  const before = existing?.initialStatus;
  if (before && before.quorum < quorum && counts.accepted > 0)
    out.note(
      `  What was accepted before, ${counts.accepted} of them, keeps the quorum of ${before.quorum} that it had.`,
    );
}

/** The page that shows this batch. */
function pageOf({ id, initialStatus }: Batch, { url }: Coordinator): string {
  return `${url}/projects/${initialStatus.projectId}?batch=${id}`;
}
