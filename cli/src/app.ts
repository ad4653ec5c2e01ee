// `manyhands app`: look into a program, make its builds, publish it.
import type { Command } from 'commander';
import { action, EXIT, type Output } from './output.js';
import { addConnectionOptions, addProjectOption, type ProjectConnectionOptions } from './support/connection.js';
import { addOperatorOptions, type OperatorOptions } from './support/operator.js';

type LocalOptions = { memory?: string; data?: string; json?: boolean };
type BuildOptions = LocalOptions & { out?: string };
type PublishOptions = ProjectConnectionOptions & { name?: string; memory?: string };

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble with the network, try again.';
const MEMORY = 'most memory of one unit, for example 1GiB (default: 512MiB, or what the program declares)';

export function registerApp(program: Command): void {
  const app = program.command('app').description('Look into programs, make their builds, publish them');
  registerInspect(app);
  registerBuild(app);
  registerPublish(app);
  registerList(app);
  registerStop(app);
}

function registerInspect(parent: Command): void {
  parent
    .command('inspect <program.wasm>')
    .description(
      'What volunteers’ computers would make of a program: imports, loops, depth, and what is refused and why',
    )
    .option('--memory <size>', MEMORY)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
It only looks: \`manyhands app build\` makes the builds.

Exit codes: 0 the program can be published; 2 it is refused, with the reason.

Example:
  manyhands app inspect count.wasm`,
    )
    .action(
      action<LocalOptions>(async ({ args: [path = ''], options, out }) => {
        const { inspectProgram } = await import('@manyhands/sdk');
        const { inspectionLines } = await import('./support/app-words.js');
        const inspection = await inspectProgram({ path }, { memoryMaximumBytes: await memoryOf(options) });
        out.json({ version: 1, program: path, ...inspection });
        out.line(out.color.bold(`${path} can be published.`));
        for (const line of inspectionLines(inspection)) out.line(line);
        return EXIT.done;
      }),
    );
}

function registerBuild(parent: Command): void {
  parent
    .command('build <program.wasm>')
    .description('Make the builds that volunteers’ computers run, and a report on them')
    .option('--out <dir>', 'folder for them (default: the name of the program with .build)')
    .option('--memory <size>', MEMORY)
    .option('--data <dir>', 'your data folder, which keeps builds (default: the platform’s place for it)')
    .option('--json', 'print the report as one JSON document')
    .addHelpText(
      'after',
      `
Writes NAME.nonleaf.wasm and NAME.all.wasm (or NAME.step.wasm) and NAME.report.json. The same program, memory and version of the
instrumentation give the same bytes, which the coordinator makes again and compares. Publishing needs no such folder: \`app publish\`
and \`map\` make the builds themselves and keep them in your data folder.

Exit codes: 0 done; 2 wrong usage or a refused program, with the reason; 130 interrupted.

Examples:
  manyhands app build count.wasm
  manyhands app build count.wasm --out builds --memory 1GiB --json`,
    )
    .action(
      action<BuildOptions>(async ({ args: [path = ''], options, out }) => {
        const { interruptible } = await import('./support/interrupt.js');
        return interruptible((signal) => build(path, options, { out, signal }));
      }),
    );
}

async function build(
  path: string,
  options: BuildOptions,
  { out, signal }: { out: Output; signal: AbortSignal },
): Promise<number> {
  const { buildProgram, buildsDirectory, defaultDataDirectory } = await import('@manyhands/sdk');
  const { noteBuilds } = await import('./support/publishing.js');
  const { reportOf, writeBuilds } = await import('./support/app-files.js');
  const { reportLines } = await import('./support/app-words.js');
  const notes = noteBuilds(out);
  const built = await buildProgram(
    { path },
    {
      memoryMaximumBytes: await memoryOf(options),
      cacheDirectory: buildsDirectory(options.data ?? defaultDataDirectory()),
      onBuild: notes.begin,
      signal,
    },
  ).finally(notes.end);
  const report = reportOf(path, built);
  const files = await writeBuilds(report, built, options.out);
  out.json({ ...report, files, isCached: built.isCached });
  out.line(
    out.color.bold(
      `${path}: ${files.length - 1} ${files.length === 2 ? 'build' : 'builds'}${built.isCached ? ', made before' : ''}.`,
    ),
  );
  for (const line of reportLines(report)) out.line(line);
  for (const file of files) out.line(`  written   ${file}`);
  return EXIT.done;
}

function registerPublish(parent: Command): void {
  addProjectOption(
    addConnectionOptions(
      parent
        .command('publish <program.wasm>')
        .description('Build a program, send it to the coordinator and wait until it has been checked there'),
    ),
  )
    .option('--name <name>', 'name of the app (default: that of the file)')
    .option('--memory <size>', MEMORY)
    .addHelpText(
      'after',
      `
The coordinator makes the builds again from your program and refuses what differs. \`map\` does all this by itself; publishing ahead
saves the wait. The same program publishes as the same app version.

Exit codes: 0 published; 2 wrong usage or a refusal, with the reason; 3 trouble with network or disk, try again; 130 interrupted.

Example:
  manyhands app publish count.wasm --coordinator http://127.0.0.1:8420 --project words`,
    )
    .action(
      action<PublishOptions>(async ({ args: [path = ''], options, out }) => {
        const { interruptible } = await import('./support/interrupt.js');
        return interruptible((signal) => publish(path, options, { out, signal }));
      }),
    );
}

async function publish(
  path: string,
  options: PublishOptions,
  { out, signal }: { out: Output; signal: AbortSignal },
): Promise<number> {
  const { openCoordinator, openOwnProject } = await import('./support/connection.js');
  const { appNameOf } = await import('./support/map-options.js');
  const { noteProgress } = await import('./support/publishing.js');
  const { reportOf } = await import('./support/app-files.js');
  const { reportLines } = await import('./support/app-words.js');
  const memoryMaximumBytes = await memoryOf(options);
  const coordinator = await openCoordinator(options, { out, signal });
  const project = await openOwnProject(coordinator, options, signal);
  const notes = noteProgress(out);
  const app = await project
    .app({
      name: options.name ?? appNameOf(path),
      wasm: { path },
      ...(memoryMaximumBytes !== undefined && { memoryMaximumBytes }),
      onProgress: notes.show,
      signal,
    })
    .finally(notes.end);
  const report = reportOf(path, app.program);
  out.json({ ...report, appVersionId: app.id, name: app.name, state: 'ready' });
  out.line(out.color.bold(`${app.name} is published.`));
  for (const line of reportLines(report)) out.line(line);
  out.line(`  id        ${app.id}`);
  return EXIT.done;
}

function registerList(parent: Command): void {
  addProjectOption(
    addConnectionOptions(parent.command('list').description('The programs that a project has published')),
    'any project of the coordinator, by its name',
  )
    .addHelpText(
      'after',
      `${CODES}\n\nExample:\n  manyhands app list --coordinator http://127.0.0.1:8420 --project words`,
    )
    .action(
      action<ProjectConnectionOptions>(async ({ options, out }) => {
        const { openCoordinator } = await import('./support/connection.js');
        const { tableLines } = await import('./support/table.js');
        const { ManyhandsError } = await import('@manyhands/contract');
        if (options.project === undefined)
          throw new ManyhandsError('MH-GEN-009', { message: 'Which project? Please add --project NAME.' });
        const coordinator = await openCoordinator(options, { out, isPinned: false });
        const apps = (await coordinator.appVersions(options.project)).map(({ record: _, ...app }) => app);
        out.json({ version: 1, apps });
        const rows = apps.map(({ name, state, appVersionId }) => [name, state, appVersionId]);
        for (const line of tableLines([{ title: 'app' }, { title: 'state' }, { title: 'id' }], rows)) out.line(line);
        if (apps.length === 0) out.line(`${options.project} has published no program yet.`);
        return EXIT.done;
      }),
    );
}

function registerStop(parent: Command): void {
  addOperatorOptions(
    parent
      .command('stop <app-version>')
      .description('For the operator: stop a program for good; its open units end, accepted results stay'),
  )
    .addHelpText(
      'after',
      `
APP-VERSION is the identifier that \`manyhands app list\` shows. A stopped program cannot be started again; its author has to publish
another one.
${CODES}

Example:
  manyhands app stop app_… --coordinator http://127.0.0.1:8420 --data /var/lib/manyhands`,
    )
    .action(
      action<OperatorOptions>(async ({ args: [appVersionId = ''], options, out }) => {
        const { openOperator } = await import('./support/operator.js');
        const { record: _, ...app } = await (await openOperator(options, out)).stop(appVersionId);
        out.json({ version: 1, app });
        out.line(`${app.name} is ${app.state}. What was accepted of it stays.`);
        return EXIT.done;
      }),
    );
}

async function memoryOf({ memory }: { memory?: string }): Promise<number | undefined> {
  const { parseSize } = await import('./support/quantities.js');
  return memory === undefined ? undefined : parseSize(memory);
}
