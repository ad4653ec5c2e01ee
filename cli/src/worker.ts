// `manyhands worker`: lends this computer to a coordinator, and commands the worker that runs here.
import { shellLine } from '@manyhands/contract/words';
import type { ControlCommand, RunningWorker, WorkerEnd, WorkerStatus } from '@manyhands/worker';
import { type Command, Option } from 'commander';
import { action, EXIT, FAULT_WORDS, type Output } from './output.js';
import { onRequestToEnd } from './support/requests-to-end.js';
import type { JoinWords } from './support/worker-options.js';

type JoinOptions = JoinWords & { json?: boolean };
type ControlOptions = { data?: string; json?: boolean };
type LeaveOptions = ControlOptions & { purge?: boolean; account?: string; yes?: boolean };

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble with network or disk, try again.';
const DATA = 'data folder of the worker (default: the platform’s place for it)';
/** How long `leave` waits for the worker to end: a minute for handing over what was begun, and what comes before and after it. */
const LEAVE_TIMEOUT_MS = 90_000;

export function registerWorker(program: Command): void {
  const worker = program.command('worker').description('Lend this computer; pause, resume and leave');
  registerJoin(worker);
  registerControl(worker, 'status', 'What the worker in this data folder does, and why');
  registerControl(worker, 'pause', 'Stop computing until `resume`; a unit that ends within ten seconds is finished');
  registerControl(worker, 'resume', 'Compute again');
  registerNewHost(worker);
  registerLeave(worker);
}

function registerJoin(parent: Command): void {
  parent
    .command('join [url]')
    .description('Lend this computer to the coordinator at this address (default: the one used last), until Ctrl-C')
    .option('--data <dir>', DATA)
    .option('--account <name>', 'make or use an account of this name, so that several computers can share it')
    .option('--code <code>', 'join an existing account with a one-time code (see `manyhands account code`)')
    .option('--cpus <n>', 'cores to use (default: half)')
    .addOption(
      new Option(
        '--nice <n>',
        'how far computing gives way to your other programs: 19 (default) always, 0 not at all',
      ).env('MANYHANDS_NICE'),
    )
    .option('--memory <size>', 'memory for units, as in 2G (default: half)')
    .option('--disk <size>', 'disk space for inputs and results, as in 4G (default: 8G)')
    .option('--project <name...>', 'work only for these projects (default: all)')
    .option('--no-p2p', 'fetch from the coordinator only; other computers then never see this one’s IP address')
    .option('--once', 'end when there is nothing left to do and everything is handed over')
    .addOption(new Option('--listen <host:port>', 'where to listen for other computers (default: any free port)'))
    .option(
      '--local-address <address>',
      'address of this computer that all its connections come from, and where it listens (default: any)',
    )
    .addOption(
      new Option(
        '--sandbox <how>',
        'walls of the operating system around programs (Linux): the best that stand, required ones or the worker ends, or none',
      )
        .choices(['required', 'best', 'off'])
        .default('best')
        .env('MANYHANDS_SANDBOX'),
    )
    .addOption(
      new Option('--log-level <level>', 'what to log on standard error')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('warn'),
    )
    .option('--json', 'print JSON lines: joined, status, ended')
    .addHelpText(
      'after',
      `${CODES} A signal ends it gracefully (0).\n\nExamples:\n  manyhands worker join http://127.0.0.1:8420\n  manyhands worker join https://hands.example.org --account ada --cpus 2 --no-p2p`,
    )
    .action(action<JoinOptions>(async ({ args: [url], options, out }) => join(url, options, out)));
}

async function join(url: string | undefined, options: JoinOptions, out: Output): Promise<number> {
  const { startWorker, thisMachine } = await import('@manyhands/worker');
  const { coordinatorFor } = await import('./support/connection.js');
  const { otherFolderLine, workerOptionsOf } = await import('./support/worker-options.js');
  const settings = await workerOptionsOf(url ?? (await coordinatorFor(options.data, out)), options, thisMachine());
  if (options.p2p) out.note('Other computers see this one’s IP address while you take part; --no-p2p avoids it.');
  out.note('Pages show a pseudonym (or your account’s name), never your address or key.');
  const stop = signals();
  let worker = await startWorker(settings);
  const { coordinatorUrl, projects } = settings;
  const { noteProjects } = await import('./support/joined-projects.js');
  void noteProjects({ coordinatorUrl, projects, fetch: worker.fetch }, out);
  stop.onFirst(() => {
    out.note('');
    out.note('Handing over what is done, giving back the rest. Ctrl-C again ends at once.');
    void worker.stop();
  });
  const dependencies = { out, onJoined: () => remember(settings, options.data) };
  let followed = await follow(worker, dependencies);
  while (worker.isRenewed() && !stop.isAsked()) {
    out.note('This computer has new keys and is a host of its own from now on. Joining again.');
    worker = await startWorker(settings);
    followed = await follow(worker, dependencies);
  }
  const { end, sentence } = followed;
  out.json({ version: 1, event: 'ended', ...end });
  if (end.code === null) out.note(sentence);
  else out.note(`${out.color.red('manyhands:')} ended: ${end.reason}. ${out.color.dim(end.code)}`);
  if (end.code === 'MH-SIG-007') out.note(`  ${otherFolderLine(settings)}`);
  if (end.exitCode === EXIT.fault) out.note(FAULT_WORDS);
  return end.exitCode;
}

async function remember({ coordinatorUrl }: { coordinatorUrl: string }, data: string | undefined): Promise<void> {
  const { lastUsedFile, rememberUsed } = await import('./support/last-used.js');
  await rememberUsed(await lastUsedFile(data), { coordinator: coordinatorUrl });
}

type FollowDependencies = { out: Output; onJoined(): Promise<void> };

/** Shows what the worker does until it ends. */
async function follow(
  worker: RunningWorker,
  { out, onJoined }: FollowDependencies,
): Promise<{ end: WorkerEnd; sentence: string }> {
  const { endSentence } = await import('./support/worker-leaving.js');
  let before = worker.status();
  let remembering: Promise<void> | undefined;
  let shown = '';
  const show = (status: WorkerStatus): void => {
    const event = !remembering && status.pseudonym !== null ? 'joined' : 'status';
    if (event === 'joined') {
      remembering = onJoined();
      out.note(`Joined ${status.coordinatorUrl} as ${status.pseudonym}${labelOf(status)}.`);
    }
    out.json({ version: 1, event, status });
    if (status.state === 'leaving' || status.state === 'ended') return; // said by whoever asked, and at the end
    before = status;
    // People want to know when something else happens, not every unit.
    const text = JSON.stringify([status.state, status.code, status.trouble]);
    if (text !== shown) for (const line of statusLines(status, out)) out.line(line);
    shown = text;
  };
  worker.onStatus(show);
  show(worker.status());
  const end = await worker.done;
  await remembering;
  return { end, sentence: endSentence(end, { before, after: worker.status() }) };
}

/** What it does, and what is wrong with its connection: in the line itself when it is offline, below it when something else comes first. */
function statusLines({ line, state, trouble }: WorkerStatus, { color }: Output): string[] {
  if (trouble === null) return [line];
  const code = color.dim(trouble.code);
  return state === 'offline' ? [`${line} ${code}`] : [line, `  ${trouble.message} ${code}`];
}

function labelOf({ accountLabel }: WorkerStatus): string {
  return accountLabel === null ? '' : ` for the account ${accountLabel}`;
}

/** The first request to end calls back, also when it came before; the second ends the process at once. */
function signals(): { onFirst(callback: () => void): void; isAsked(): boolean } {
  let count = 0;
  let listener: (() => void) | undefined;
  onRequestToEnd(() => {
    count += 1;
    if (count > 1) process.exit(EXIT.interrupted);
    listener?.();
  });
  return {
    isAsked: () => count > 0,
    onFirst(callback) {
      listener = callback;
      if (count > 0) callback();
    },
  };
}

function registerNewHost(parent: Command): void {
  parent
    .command('new-host')
    .description('Make this computer a host of its own after its data folder was copied; the account stays')
    .option('--data <dir>', DATA)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `${CODES}\n\nOf two computers with copies of one data folder only one can be connected. Run this on one of them: it gets new keys, and a worker that runs there joins again by itself.\n\nExample:\n  manyhands worker new-host`,
    )
    .action(
      action<ControlOptions>(async ({ options, out }) => {
        const { workerFolder } = await import('./support/worker-options.js');
        const { renewWorker } = await import('./support/worker-renewal.js');
        const dataDirectory = await workerFolder(options.data);
        const { hostId, isRunning, unsentResultCount } = await renewWorker(dataDirectory, {
          timeoutMs: LEAVE_TIMEOUT_MS,
        });
        out.json({ version: 1, newHost: { dataDirectory, hostId, isRunning, unsentResultCount } });
        out.line(`This computer is a host of its own now, with new keys in ${dataDirectory}. The account stays.`);
        if (unsentResultCount > 0)
          out.line(
            `${unsentResultCount} ${unsentResultCount === 1 ? 'result' : 'results'} of the old host were not sent from here.`,
          );
        if (!isRunning) {
          const { shellLine } = await import('@manyhands/contract/words');
          const folder = options.data === undefined ? [] : ['--data', options.data];
          out.line(`Join again: ${shellLine(['manyhands', 'worker', 'join', ...folder])}`);
        }
        return EXIT.done;
      }),
    );
}

function registerControl(parent: Command, command: Exclude<ControlCommand, 'leave' | 'new-host'>, about: string): void {
  parent
    .command(command)
    .description(about)
    .option('--data <dir>', DATA)
    .option('--json', 'print one JSON document')
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands worker ${command}`)
    .action(
      action<ControlOptions>(async ({ options, out }) => {
        const { controlWorker } = await import('@manyhands/worker');
        const { workerFolder } = await import('./support/worker-options.js');
        const status = await controlWorker(await workerFolder(options.data), command);
        await print(status, out);
        return EXIT.done;
      }),
    );
}

async function print(status: WorkerStatus, out: Output): Promise<void> {
  const { formatBytes, formatCount } = await import('./support/quantities.js');
  const { units, totals, transfers, limits } = status;
  out.json({ version: 1, status });
  const [first = '', ...more] = statusLines(status, out);
  out.line(out.color.bold(first));
  for (const line of more) out.line(line);
  out.line(`  coordinator ${status.coordinatorUrl}`);
  out.line(`  shown as    ${status.pseudonym ?? 'not yet known'}${labelOf(status)}`);
  out.line(
    `  may use     ${limits.cores} ${limits.cores === 1 ? 'core' : 'cores'}, ${formatBytes(limits.memoryBytes)} of memory, ${formatBytes(limits.diskBytes)} of disk`,
  );
  for (const line of sandboxLines(status)) out.line(line);
  out.line(
    `  units       ${units.running} computing, ${Math.max(0, units.held - units.running)} queued, ${units.unacknowledged} to send${units.kept > 0 ? `, ${units.kept} kept until they are fetched` : ''}`,
  );
  out.line(
    `  since start ${formatCount(totals.computed)} computed, ${formatCount(totals.failed)} failed, ${formatCount(totals.refused)} refused`,
  );
  out.line(
    `  blocks      ${formatBytes(transfers.fromPeersBytes)} from peers, ${formatBytes(transfers.fromOriginBytes)} from the coordinator, ${formatBytes(transfers.toPeersBytes)} to peers`,
  );
}

function* sandboxLines({ sandbox }: WorkerStatus): Generator<string> {
  if (!sandbox) return;
  const { kind, standing, missing } = sandbox;
  yield `  sandbox     ${standing.length === 0 ? 'only V8 and Node stand in the way' : `${standing.join(', ')} (${kind})`}`;
  const reasons = new Map<string, string[]>();
  for (const { layer, reason } of missing) reasons.set(reason, [...(reasons.get(reason) ?? []), layer]);
  for (const [reason, layers] of reasons) yield `              without ${layers.join(', ')}: ${reason}`;
}

function registerLeave(parent: Command): void {
  parent
    .command('leave')
    .description('End the worker: what is done is handed over, the rest is given back')
    .option('--data <dir>', DATA)
    .option('--purge', 'then remove its key, journal, inputs and results; the key of an account stays')
    .option('--account <name>', 'with --purge: remove the key of this account too, which nobody can make again')
    .option('--yes', 'remove without asking')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `${CODES}\n\nExamples:\n  manyhands worker leave\n  manyhands worker leave --purge`)
    .action(
      action<LeaveOptions>(async ({ options, out }) => {
        const { workerFolder } = await import('./support/worker-options.js');
        const { agreeToPurge, leave } = await import('./support/worker-leaving.js');
        const directory = await workerFolder(options.data);
        const purge = await agreeToPurge(directory, options);
        const { wasRunning } = await leave(directory, { purge, timeoutMs: LEAVE_TIMEOUT_MS });
        out.json({
          version: 1,
          left: {
            dataDirectory: directory,
            wasRunning,
            isPurged: purge !== null,
            keptAccount: purge?.keptAccount ?? null,
          },
        });
        if (wasRunning) out.line('The worker has left.');
        if (purge) out.line(`Its key, journal, inputs and results were removed from ${directory}.`);
        if (purge && purge.keptAccount !== null)
          out.line(
            `The key of the account "${purge.keptAccount}" stays there; to remove it too: ${shellLine(['manyhands', 'worker', 'leave', '--data', directory, '--purge', '--account', purge.keptAccount])}`,
          );
        return EXIT.done;
      }),
    );
}
