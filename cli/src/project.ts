// `manyhands project`: create projects, show them, and the operator's say over them.
import { ManyhandsError, type Project as ProjectStatus } from '@manyhands/contract';
import type { Command } from 'commander';
import { action, EXIT, type Output } from './output.js';
import {
  addConnectionOptions,
  type ConnectionOptions,
  openCoordinator,
  rememberProject,
} from './support/connection.js';
import { addOperatorOptions, hasOperatorToken, type OperatorOptions } from './support/operator.js';
import { addTextOptions, type TextOptions } from './support/project-texts.js';

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble with the network, try again.';
const AT = '--coordinator http://127.0.0.1:8420';

type CreateOptions = ConnectionOptions & TextOptions & { invitation?: string };

export function registerProject(program: Command): void {
  const project = program
    .command('project')
    .description('Create, edit and show projects; invite, approve, reject and pause them');
  registerCreate(project);
  registerEdit(project);
  registerShow(project);
  registerList(project);
  registerInvite(project);
  registerChange(project, {
    name: 'approve',
    about: 'Let a project work that waits for approval',
    done: 'is active now',
  });
  registerChange(project, {
    name: 'reject',
    about: 'Remove a project that was never approved, and free its name',
    done: 'is gone, and its name is free',
  });
  registerChange(project, {
    name: 'pause',
    about: 'Give out no work of a project',
    done: 'is paused; no new units are given out, running ones may finish',
  });
  registerChange(project, { name: 'resume', about: 'Let a paused project work again', done: 'is active again' });
}

function registerCreate(parent: Command): void {
  const command = addConnectionOptions(
    parent.command('create <name>').description('Create a project of yours, with a new key in your data folder'),
  );
  addTextOptions(command)
    .option('--invitation <code>', 'where the operator demands one')
    .addHelpText(
      'after',
      `\nThe key is the project: keep the data folder safe. Where the operator approves projects, licences, contact and who runs it must be stated.
Creating the same project again changes nothing; \`project edit\` changes its texts.\n${CODES}\n\nExample:\n  manyhands project create words ${AT} --question 'Which words are new?' \\
      --licence 'public domain' --result-licence CC0-1.0 --contact ada@example.org --run-by 'Ada Lovelace'`,
    )
    .action(
      action<CreateOptions>(async ({ args: [name = ''], options, out }) => {
        const { wordsOf } = await import('./support/project-texts.js');
        const coordinator = await openCoordinator(options, { out });
        const project = await coordinator.project(name, {
          ...wordsOf(options),
          ...(options.invitation !== undefined && { invitation: options.invitation }),
          onOtherTexts: (error) => {
            throw error;
          },
        });
        await rememberProject(project, options.data);
        await report(await project.status(), out);
        return EXIT.done;
      }),
    );
}

function registerEdit(parent: Command): void {
  const command = addConnectionOptions(
    parent.command('edit <name>').description('Change what is said about a project of yours'),
  );
  addTextOptions(command)
    .addHelpText(
      'after',
      `\nWhat is not given stays as it is. Signed with the project's key.\n${CODES}\n\nExample:\n  manyhands project edit words ${AT} --title 'New words' --contact ada@example.org`,
    )
    .action(
      action<ConnectionOptions & TextOptions>(async ({ args: [name = ''], options, out }) => {
        const { wordsOf } = await import('./support/project-texts.js');
        const words = wordsOf(options);
        if (Object.keys(words).length === 0)
          throw new ManyhandsError('MH-GEN-009', {
            message: 'What should change? Please add --title, --contact or another text.',
          });
        const coordinator = await openCoordinator(options, { out });
        const project = await coordinator.project(name, { create: false });
        await report(await project.edit(words), out);
        return EXIT.done;
      }),
    );
}

/** The project after a change, and what is still missing before work can be submitted. */
async function report(status: ProjectStatus, out: Output): Promise<void> {
  out.json({ version: 1, project: status });
  await showProject(status, out);
  if (status.state === 'pending')
    out.line(
      '  You can submit work once its licences, contact and who runs it are stated and the operator has approved it (or invited you).',
    );
}

function registerShow(parent: Command): void {
  addConnectionOptions(parent.command('show <name>').description('One project and its batches'))
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands project show words ${AT}`)
    .action(
      action<ConnectionOptions>(async ({ args: [name = ''], options, out }) => {
        const coordinator = await openCoordinator(options, { out });
        const project = await coordinator.project(name, { create: false });
        await rememberProject(project, options.data);
        const [status, batches] = [await project.status(), await project.batches()];
        const { BATCH_COLUMNS, batchRow } = await import('./support/batches.js');
        const { tableLines } = await import('./support/table.js');
        out.json({ version: 1, project: status, batches });
        await showProject(status, out);
        out.line();
        for (const line of tableLines(BATCH_COLUMNS, batches.map(batchRow))) out.line(line);
        return EXIT.done;
      }),
    );
}

function registerList(parent: Command): void {
  addOperatorOptions(
    parent
      .command('list')
      .description('The projects of a coordinator; with the operator’s token also those that wait for approval'),
  )
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands project list ${AT}`)
    .action(
      action<OperatorOptions>(async ({ options, out }) => {
        const isOperator = hasOperatorToken(options);
        const projects = isOperator ? await listAll(options, out) : await listPublic(options, out);
        const { tableLines } = await import('./support/table.js');
        out.json({ version: 1, projects });
        const columns = [{ title: 'project' }, { title: 'state' }, { title: 'title' }];
        for (const line of tableLines(
          columns,
          projects.map(({ name, state, title }) => [name, state, title]),
        ))
          out.line(line);
        if (projects.length === 0) out.line(isOperator ? 'There is no project here yet.' : NONE_PUBLIC);
        return EXIT.done;
      }),
    );
}

const NONE_PUBLIC =
  'No project is open here. Those that wait for approval are shown to the operator (add --data or --token-file) and to their owners (manyhands project show NAME).';

async function listPublic(
  { coordinator: address, data: memory }: OperatorOptions,
  out: Output,
): Promise<ProjectStatus[]> {
  return (await openCoordinator({ coordinator: address }, { out, isPinned: false, memory })).projects();
}

async function listAll(options: OperatorOptions, out: Output): Promise<ProjectStatus[]> {
  const { openOperator } = await import('./support/operator.js');
  return (await openOperator(options, out)).projects();
}

function registerInvite(parent: Command): void {
  addOperatorOptions(parent.command('invite').description('For operators: a one-time invitation to create a project'))
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands project invite ${AT} --data /var/lib/manyhands`)
    .action(
      action<OperatorOptions>(async ({ options, out }) => {
        const { openOperator } = await import('./support/operator.js');
        const { invitation, expiresAtMs } = await (await openOperator(options, out)).invite();
        out.json({ version: 1, invitation, expiresAtMs });
        out.line(`Invitation, good for one project until ${new Date(expiresAtMs).toISOString()}:`);
        out.line(`  ${invitation}`);
        return EXIT.done;
      }),
    );
}

type Change = { name: 'approve' | 'reject' | 'pause' | 'resume'; about: string; done: string };

function registerChange(parent: Command, { name, about, done }: Change): void {
  addOperatorOptions(
    parent.command(`${name} <project>`).description(`For operators: ${about.charAt(0).toLowerCase()}${about.slice(1)}`),
  )
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands project ${name} words ${AT} --data /var/lib/manyhands`)
    .action(
      action<OperatorOptions>(async ({ args: [project = ''], options, out }) => {
        const { openOperator } = await import('./support/operator.js');
        const status = await (await openOperator(options, out)).change(name, project);
        out.json({ version: 1, project: status });
        out.line(`${status.name} ${done}.`);
        return EXIT.done;
      }),
    );
}

async function showProject(status: ProjectStatus, out: Output): Promise<void> {
  const { factLines } = await import('./support/project-texts.js');
  out.line(out.color.bold(`${status.name}: ${status.state}.`));
  if (status.title !== status.name) out.line(`  title     ${status.title}`);
  if (status.question !== '') out.line(`  question  ${status.question}`);
  for (const line of factLines(status)) out.line(line);
  out.line(`  id        ${status.projectId}`);
}
