// `manyhands account`: the volunteer's account, whose key the worker keeps.
import { ManyhandsError } from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';
import type { Command } from 'commander';
import { action, EXIT } from './output.js';
import type { AccountOptions } from './support/accounts.js';
import { addCoordinatorOption } from './support/connection.js';

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble with the network, try again.';

function addCommand(parent: Command, { usage, about }: { usage: string; about: string }): Command {
  return addCoordinatorOption(parent.command(usage).description(about))
    .option('--data <dir>', 'data folder of the worker (default: the worker’s own default)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands account ${usage} --coordinator http://127.0.0.1:8420`);
}

export function registerAccount(program: Command): void {
  const account = program.command('account').description('Show your account, add another computer to it, or delete it');
  registerShow(account);
  registerCode(account);
  registerDelete(account);
}

function registerShow(parent: Command): void {
  addCommand(parent, { usage: 'show', about: 'Name, credit and number of computers' }).action(
    action<AccountOptions>(async ({ options, out }) => {
      const { findAccount, noKey } = await import('./support/accounts.js');
      const { formatCredit } = await import('./support/quantities.js');
      const { coordinator, own, identity, directory } = await findAccount(options, out);
      const id = own?.id ?? identity?.accountId;
      if (id === undefined) throw noKey(null, { directory, url: coordinator.url });
      const shown = await coordinator.account(id);
      const hasKey = own !== undefined;
      out.json({ version: 1, account: shown, hasKey });
      out.line(out.color.bold(shown.label || `No account: this computer works as ${identity?.pseudonym}.`));
      if (!hasKey && shown.label !== '')
        out.line('  joined by a code; the key is on the computer that made the account');
      out.line(
        `  credit    ${shown.creditMilli === 0 ? 'none yet, or less than 0.001' : formatCredit(shown.creditMilli)}`,
      );
      out.line(`  computers ${shown.hostCount}`);
      out.line(`  id        ${shown.accountId}`);
      return EXIT.done;
    }),
  );
}

function registerCode(parent: Command): void {
  addCommand(parent, {
    usage: 'code',
    about: 'A one-time code with which one other computer joins your account',
  }).action(
    action<AccountOptions>(async ({ options, out }) => {
      const { openOwnAccount } = await import('./support/accounts.js');
      const account = await openOwnAccount(options, out);
      const { code, expiresAtMs } = await account.createCode();
      out.json({ version: 1, code, expiresAtMs });
      out.line(`Code for one other computer, good until ${new Date(expiresAtMs).toISOString()}:`);
      out.line(`  ${code}`);
      const joining = ['manyhands', 'worker', 'join', account.coordinator.url, '--code', code];
      out.line(out.color.dim(`There: ${shellLine(joining)}`));
      return EXIT.done;
    }),
  );
}

function registerDelete(parent: Command): void {
  addCommand(parent, {
    usage: 'delete',
    about: 'Remove your account’s name and let go of its computers; amounts stay in the ledger under a bare identifier',
  })
    .option('--yes', 'do it without asking')
    .action(
      action<AccountOptions & { yes?: boolean }>(async ({ options, out }) => {
        const { confirm, openOwnAccount } = await import('./support/accounts.js');
        const account = await openOwnAccount(options, out);
        const { label } = await account.show();
        if (options.yes !== true && !(await confirm(`Delete the account "${label}"? This can't be undone.`)))
          throw new ManyhandsError('MH-GEN-009', {
            message: 'Nothing was deleted. Add --yes to do it without being asked.',
          });
        await account.delete();
        out.json({ version: 1, deleted: account.id });
        out.line(
          `The account "${label}" is deleted. Its computers stop; each may join again, with another account or none.`,
        );
        return EXIT.done;
      }),
    );
}
