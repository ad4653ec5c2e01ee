// `manyhands batch`: what became of submitted batches.
import { sentenceOf, wordOfBatch } from '@manyhands/contract/words';
import type { Command } from 'commander';
import { action, collectWords, EXIT } from './output.js';
import {
  addConnectionOptions,
  addProjectOption,
  openCoordinator,
  openOwnProject,
  type ProjectConnectionOptions,
  sameConnection,
} from './support/connection.js';

const CODES =
  '\nExit codes: 0 done; 1 units of the batch failed (results, show); 2 wrong usage or a refusal; 3 trouble, try again;\n            4 none failed, but the batch was cancelled, expired or stopped before all units were done (results, show).';
const AT = '--coordinator http://127.0.0.1:8420 --project words';

export function registerBatch(program: Command): void {
  const batch = program.command('batch').description('List, show, cancel and retry batches; fetch their results');
  registerList(batch);
  registerShow(batch);
  registerCancel(batch);
  registerRetry(batch);
  registerResults(batch);
}

function addCommand(
  parent: Command,
  { usage, about, example }: { usage: string; about: string; example: string },
): Command {
  const command = parent.command(usage).description(about);
  return addProjectOption(addConnectionOptions(command), 'your project, which has the batch').addHelpText(
    'after',
    `${CODES}\n\nExample:\n  manyhands batch ${example} ${AT}`,
  );
}

function registerList(parent: Command): void {
  addCommand(parent, { usage: 'list', about: 'All batches of a project', example: 'list' }).action(
    action<ProjectConnectionOptions>(async ({ options, out }) => {
      const coordinator = await openCoordinator(options, { out });
      const project = await openOwnProject(coordinator, options);
      const batches = await project.batches();
      const { BATCH_COLUMNS, batchRow } = await import('./support/batches.js');
      const { tableLines } = await import('./support/table.js');
      out.json({ version: 1, batches });
      for (const line of tableLines(BATCH_COLUMNS, batches.map(batchRow))) out.line(line);
      if (batches.length === 0) out.line(`${project.name} has no batches yet. Submit one: manyhands map --help`);
      return EXIT.done;
    }),
  );
}

function registerShow(parent: Command): void {
  addCommand(parent, {
    usage: 'show <batch>',
    about: 'One batch and its failed units',
    example: 'show words-jx2m',
  }).action(
    action<ProjectConnectionOptions>(async ({ args: [name = ''], options, out }) => {
      const { batchLines, findBatch } = await import('./support/batches.js');
      const { failureLines } = await import('./support/collected-words.js');
      const batch = await findBatch(await openCoordinator(options, { out }), name, options);
      const failed = await batch.failed();
      const status = await batch.status();
      out.json({ version: 1, batch: status, failed });
      out.line(out.color.bold(`${status.name}: ${wordOfBatch(status)}.`));
      if (status.endedCode !== null) out.line(`  ${sentenceOf(status.endedCode)}`);
      for (const line of batchLines(status)) out.line(line);
      for (const failure of failed) for (const line of failureLines(failure)) out.line(line);
      const { held } = status.counts;
      if (held > 0)
        out.line(
          out.color.dim(
            `Open them again: manyhands batch retry ${status.name}${sameConnection(batch.coordinator, options)}`,
          ),
        );
      if (failed.length > 0) return EXIT.workFailed;
      return status.counts.failed > failed.length || held > 0 ? EXIT.endedEarly : EXIT.done;
    }),
  );
}

function registerCancel(parent: Command): void {
  addCommand(parent, {
    usage: 'cancel <batch>',
    about: 'End all open units of a batch; accepted results stay',
    example: 'cancel words-jx2m',
  }).action(
    action<ProjectConnectionOptions>(async ({ args: [name = ''], options, out }) => {
      const { findBatch } = await import('./support/batches.js');
      const batch = await findBatch(await openCoordinator(options, { out }), name, options);
      const status = await batch.cancel();
      out.json({ version: 1, batch: status });
      const { accepted } = status.counts;
      const kept = accepted === 1 ? 'Its one accepted result stays.' : `Its ${accepted} accepted results stay.`;
      out.line(`${status.name} is ${wordOfBatch(status)}. ${accepted === 0 ? 'It had no accepted results.' : kept}`);
      return EXIT.done;
    }),
  );
}

function registerRetry(parent: Command): void {
  addCommand(parent, {
    usage: 'retry <batch>',
    about: 'Open units again that failed or are held, unless the batch was cancelled, expired or stopped',
    example: 'retry words-jx2m',
  })
    .option('--unit <index>', 'only this unit, by its index or name; repeat for more', collectWords)
    .action(
      action<ProjectConnectionOptions & { unit?: string[] }>(async ({ args: [name = ''], options, out }) => {
        const { findBatch } = await import('./support/batches.js');
        const { indexesOf } = await import('./support/retrying.js');
        const batch = await findBatch(await openCoordinator(options, { out }), name, options);
        const retried = await batch.retry(options.unit ? await indexesOf(batch, options.unit) : null);
        out.json({ version: 1, batch: { id: batch.id, name: batch.name }, retried });
        out.line(`${retried} ${retried === 1 ? 'unit is' : 'units are'} open again.`);
        return EXIT.done;
      }),
    );
}

function registerResults(parent: Command): void {
  addCommand(parent, {
    usage: 'results <batch>',
    about: 'Fetch the accepted results into a folder; those that are there already are not fetched again',
    example: 'results words-jx2m --out counts',
  })
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--follow', 'wait until the batch is complete')
    .action(
      action<ProjectConnectionOptions & { out: string; follow?: boolean }>(
        async ({ args: [name = ''], options, out }) => {
          const { findBatch } = await import('./support/batches.js');
          const { collectResults } = await import('./support/collecting.js');
          const { interruptible } = await import('./support/interrupt.js');
          const { ResultFolder } = await import('./support/result-folder.js');
          return interruptible(async (signal) => {
            const coordinator = await openCoordinator(options, { out, signal });
            const batch = await findBatch(coordinator, name, options);
            const { common } = await batch.manifest(signal);
            const folder = new ResultFolder({ directory: options.out, collect: common.collect });
            await folder.files.prepare();
            const at = sameConnection(coordinator, options);
            const { out: directory, follow = false } = options;
            return collectResults(batch, { directory, follow, signal, at }, { out, folder });
          });
        },
      ),
    );
}
