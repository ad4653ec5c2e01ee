// `manyhands host`: the operator's view of the hosts, and banning.
import { ManyhandsError, operatorHostsSchema } from '@manyhands/contract';
import type { Command } from 'commander';
import { action, EXIT } from './output.js';
import { operatorToken } from './support/coordinator-folder.js';

type HostOptions = { coordinator: string; tokenFile?: string; data?: string; reason?: string; json?: boolean };

const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble, try again.';
const TIMEOUT_MS = 30_000;

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
  return parent
    .command(usage)
    .description(about)
    .requiredOption('--coordinator <url>', 'address of the coordinator')
    .option(
      '--token-file <file>',
      'file with the operator’s token (default: MANYHANDS_OPERATOR_TOKEN, or in the data folder)',
    )
    .option('--data <dir>', 'data folder of the coordinator, where its token lies')
    .option('--json', 'print machine-readable output')
    .addHelpText('after', `${CODES}\n\nExample:\n  manyhands host ${example} --coordinator http://127.0.0.1:8420`);
}

function registerList(parent: Command): void {
  addCommand(parent, { usage: 'list', about: 'All hosts with their record', example: 'list' }).action(
    action<HostOptions>(async ({ options, out }) => {
      const answer = operatorHostsSchema.safeParse(await call(options, { method: 'GET', path: '/hosts' }));
      if (!answer.success) throw unreachable(options.coordinator, answer.error);
      const { hosts } = answer.data;
      out.json({ version: 1, hosts });
      for (const {
        hostId,
        pseudonym,
        isBanned,
        isOnline,
        acceptedReplicas,
        disagreedReplicas,
        failedReplicas,
      } of hosts) {
        const state = isBanned ? out.color.red('banned') : isOnline ? 'online' : 'offline';
        const record = `${acceptedReplicas} accepted, ${disagreedReplicas} disagreed, ${failedReplicas} failed`;
        out.line(`${hostId}  ${pseudonym}  ${state}  ${record}`);
      }
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
    .option('--reason <text>', 'why, for your own records')
    .action(
      action<HostOptions>(async ({ args: [host = ''], options, out }) => {
        const body = { reason: options.reason ?? '' };
        await call(options, { method: 'POST', path: `/hosts/${encodeURIComponent(host)}/ban`, body });
        out.json({ version: 1, host, isBanned: true });
        out.line(`${host} is banned. What was accepted from it stays.`);
        return EXIT.done;
      }),
    );
}

function registerUnban(parent: Command): void {
  addCommand(parent, { usage: 'unban <host>', about: 'Let a banned host work again', example: 'unban host_…' }).action(
    action<HostOptions>(async ({ args: [host = ''], options, out }) => {
      await call(options, { method: 'POST', path: `/hosts/${encodeURIComponent(host)}/unban` });
      out.json({ version: 1, host, isBanned: false });
      out.line(`${host} may work again.`);
      return EXIT.done;
    }),
  );
}

/** One of the operator's calls. Throws what the coordinator says, or MH-GEN-005 when it cannot be reached. */
async function call(options: HostOptions, request: { method: string; path: string; body?: unknown }): Promise<unknown> {
  const token = await operatorToken(options);
  const url = addressOf(options.coordinator, request.path);
  const response = await fetch(url, {
    method: request.method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(request.method !== 'GET' && { body: JSON.stringify(request.body ?? {}) }),
  }).catch((cause: unknown) => {
    throw unreachable(options.coordinator, cause);
  });
  const answer: unknown = await response.json().catch((cause: unknown) => {
    throw unreachable(options.coordinator, cause);
  });
  if (response.ok) return answer;
  throw ManyhandsError.fromObject(answer);
}

/** Throws MH-GEN-009 for what is no address at all. */
function addressOf(coordinator: string, path: string): URL {
  if (/^https?:/i.test(coordinator) && URL.canParse(coordinator))
    return new URL(`/api/v1/operator${path}`, coordinator);
  throw new ManyhandsError('MH-GEN-009', {
    message: `"${coordinator}" is not the address of a coordinator. It should look like https://hands.example.org or http://127.0.0.1:8420.`,
    meta: { url: coordinator.slice(0, 200) },
  });
}

function unreachable(coordinator: string, cause: unknown): ManyhandsError {
  return new ManyhandsError('MH-GEN-005', {
    message: `${coordinator} cannot be reached, or is not the address of a coordinator.`,
    meta: { url: coordinator },
    cause,
  });
}
