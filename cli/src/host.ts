// `manyhands host`: the operator's view of the hosts, and banning.
import type { Command } from 'commander';
import { action, EXIT } from './output.js';
import { addOperatorOptions, type OperatorOptions, openOperator } from './support/operator.js';

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble, try again.';

export function registerHost(program: Command): void {
  const host = program.command('host').description('For the operator: list, ban and unban hosts');
  registerList(host);
  registerBan(host);
  registerUnban(host);
}

function addCommand(
  parent: Command,
  { usage, about, example }: { usage: string; about: string; example: string },
): Command {
  return addOperatorOptions(parent.command(usage).description(about)).addHelpText(
    'after',
    `${CODES}\n\nExample:\n  manyhands host ${example} --coordinator http://127.0.0.1:8420 --data /var/lib/manyhands`,
  );
}

function registerList(parent: Command): void {
  addCommand(parent, { usage: 'list', about: 'All hosts with their record', example: 'list' }).action(
    action<OperatorOptions>(async ({ options, out }) => {
      const hosts = await (await openOperator(options, out)).hosts();
      const { tableLines } = await import('./support/table.js');
      out.json({ version: 1, hosts });
      const columns = [
        ...[{ title: 'host' }, { title: 'shown as' }, { title: 'state' }],
        ...['accepted', 'disagreed', 'failed'].map((title) => ({ title, isNumber: true })),
      ];
      const rows = hosts.map((host) => [
        ...[host.hostId, host.pseudonym, host.isBanned ? 'banned' : host.isOnline ? 'online' : 'offline'],
        ...[host.acceptedReplicas, host.disagreedReplicas, host.failedReplicas].map(String),
      ]);
      for (const line of tableLines(columns, rows)) out.line(line);
      if (hosts.length === 0) out.line('No host has joined yet.');
      return EXIT.done;
    }),
  );
}

function registerBan(parent: Command): void {
  addCommand(parent, {
    usage: 'ban <host>',
    about: 'Give a host no more work and end its connection',
    example: 'ban host_…',
  })
    .option('--reason <text>', 'why; whoever runs the host reads it')
    .action(
      action<OperatorOptions & { reason?: string }>(async ({ args: [host = ''], options, out }) => {
        await (await openOperator(options, out)).ban(host, { reason: options.reason ?? '' });
        out.json({ version: 1, host, isBanned: true });
        out.line(`${host} is banned. What was accepted from it stays.`);
        return EXIT.done;
      }),
    );
}

function registerUnban(parent: Command): void {
  addCommand(parent, { usage: 'unban <host>', about: 'Let a banned host work again', example: 'unban host_…' }).action(
    action<OperatorOptions>(async ({ args: [host = ''], options, out }) => {
      await (await openOperator(options, out)).unban(host);
      out.json({ version: 1, host, isBanned: false });
      out.line(`${host} may work again.`);
      return EXIT.done;
    }),
  );
}
