// `manyhands coordinator`: runs a coordinator, saves it, restores it.

import { resolve } from 'node:path';
import { coordinatorUrlOf } from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';
import type { CoordinatorOptions, RunningCoordinator } from '@manyhands/coordinator';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { action, collectWords, EXIT, type Output } from './output.js';
import { coordinatorFolder } from './support/coordinator-folder.js';
import { requireCoordinator } from './support/coordinator-package.js';
import { onRequestToEnd } from './support/requests-to-end.js';

type ProxyHeader = NonNullable<CoordinatorOptions['proxyHeader']>;
type StartOptions = {
  data?: string;
  port?: number;
  host?: string;
  publicUrl?: string;
  gatewayUrl?: string;
  trustedProxies?: string[];
  proxyHeader?: ProxyHeader;
  exemptLoopback?: boolean;
  sharedNetwork?: string[];
  open?: boolean;
  json?: boolean;
};
type FileOptions = { data?: string; json?: boolean };

const DATA = 'data folder (default: the platform’s place for it)';
const CODES = '\nExit codes: 0 done; 2 wrong usage or a refusal; 3 trouble, try again.';

export function registerCoordinator(program: Command): void {
  const coordinator = program.command('coordinator').description('Run a coordinator; save and restore it');
  registerStart(coordinator);
  registerBackup(coordinator);
  registerRestore(coordinator);
}

function registerStart(parent: Command): void {
  parent
    .command('start')
    .description('Run a coordinator until it is told to stop')
    .option('--data <dir>', DATA)
    .option('--port <port>', 'port of pages, calls and WebSockets; the next two serve blocks (default: 8420)', toPort)
    .option(
      '--host <host>',
      'address to listen on (default: 127.0.0.1; ::1 for this computer by IPv6; :: for the world, 0.0.0.0 by IPv4 alone)',
    )
    .option('--public-url <url>', 'address under which others reach it')
    .option('--gateway-url <url>', 'address under which others reach its block gateway')
    .option(
      '--trusted-proxies <list>',
      'addresses and ranges of proxies that are believed when they say for whom they call, as in 127.0.0.1,10.0.0.0/8',
      toList,
    )
    .addOption(
      new Option('--proxy-header <name>', 'the one header in which they say so (default: x-forwarded-for)').choices([
        'x-forwarded-for',
        'forwarded',
      ]),
    )
    .option(
      '--exempt-loopback',
      'bound nothing for callers on this computer: for trials, not for a coordinator that others reach',
    )
    .option(
      '--shared-network <network>',
      'ADDRESS/BITS that several volunteers share, as a school behind one address: each of their computers counts; repeat for more',
      collectWords,
    )
    .option('--open', 'anybody may create a project')
    .option('--json', 'print machine-readable output')
    .addHelpText(
      'after',
      `${CODES} A signal ends it gracefully (0).\n\nExample:\n  manyhands coordinator start --data ./coordinator --open`,
    )
    .action(action<StartOptions>(async ({ options, out }) => start(options, out)));
}

async function start(options: StartOptions, out: Output): Promise<number> {
  requireCoordinator('manyhands coordinator start');
  const { optionsFromEnvironment, startCoordinator } = await import('@manyhands/coordinator');
  const { data, port, host, publicUrl, gatewayUrl, trustedProxies, proxyHeader, exemptLoopback, sharedNetwork, open } =
    options;
  const environment = optionsFromEnvironment(process.env);
  const dataDirectory = resolve(data ?? environment.dataDirectory ?? (await coordinatorFolder()));
  const settings: CoordinatorOptions = {
    logLevel: 'warn',
    ...environment,
    dataDirectory,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(publicUrl !== undefined && { publicUrl: coordinatorUrlOf(publicUrl) }),
    ...(gatewayUrl !== undefined && { publicGatewayUrl: coordinatorUrlOf(gatewayUrl) }),
    ...(trustedProxies && { trustedProxies }),
    ...(proxyHeader && { proxyHeader }),
    ...(exemptLoopback === true && { exemptLoopback }),
    ...(sharedNetwork !== undefined && { sharedNetworks: sharedNetwork }),
    ...(open === true && { isOpen: true }),
  };
  const stopped = nextSignal();
  const running = await startCoordinator(settings);
  const { url, coordinatorId, gatewayUrl: gateway, sharedNetworks } = running;
  out.json({
    version: 1,
    event: 'listening',
    url,
    coordinatorId,
    gatewayUrl: gateway,
    sharedNetworks: sharedNetworks.names,
    dataDirectory,
    pid: process.pid,
  });
  introduce({ url, dataDirectory, isOpen: settings.isOpen === true, sharedNetworks }, out);
  await stopped;
  out.note('Stopping.');
  await running.stop();
  out.json({ version: 1, event: 'stopped' });
  return EXIT.done;
}

type Introduced = {
  url: string;
  dataDirectory: string;
  isOpen: boolean;
  sharedNetworks: RunningCoordinator['sharedNetworks'];
};

function introduce({ url, dataDirectory, isOpen, sharedNetworks }: Introduced, out: Output): void {
  const { bold, dim } = out.color;
  out.line(`${bold('The coordinator is running:')} ${url}`);
  out.line(`  its data       ${dataDirectory}`);
  out.line(`  your token     ${resolve(dataDirectory, 'operator-token')} ${dim('(keep it secret)')}`);
  out.line(`  projects       ${isOpen ? 'anybody may create one' : 'need an invitation or your approval'}`);
  out.line(`  answers        ${independenceOf(sharedNetworks)}`);
  out.line();
  out.line('Lend a hand from any computer:');
  out.line(`  ${bold(`manyhands worker join ${url}`)}`);
  out.line();
  out.line(dim('Ctrl-C stops it; everything is kept.'));
}

/** Which computers count as independent of each other. */
function independenceOf({ names, isLocal }: RunningCoordinator['sharedNetworks']): string {
  const rule = 'those that must agree come from different networks';
  if (names.length === 0) return rule;
  const why = isLocal ? ': nobody else reaches this coordinator' : '';
  return `${rule}; within ${names.join(', ')} each computer counts${why}`;
}

function registerBackup(parent: Command): void {
  parent
    .command('backup <file>')
    .description('Save everything in one file, while the coordinator runs or not')
    .option('--data <dir>', DATA)
    .option('--json', 'print machine-readable output')
    .addHelpText(
      'after',
      `${CODES}\n\nThe file holds the keys of the coordinator: keep it as safe as the data folder itself.\n\nExample:\n  manyhands coordinator backup ~/manyhands-2024-05-01.backup`,
    )
    .action(
      action<FileOptions>(async ({ args: [file = ''], options, out }) => {
        requireCoordinator('manyhands coordinator backup');
        const { backupCoordinator } = await import('@manyhands/coordinator');
        const dataDirectory = resolve(options.data ?? (await coordinatorFolder()));
        const { files, sizeBytes } = await backupCoordinator({ dataDirectory, file: resolve(file) });
        out.json({ version: 1, backup: { file: resolve(file), dataDirectory, files, sizeBytes } });
        out.line(
          `Saved ${files} files (${sizeBytes} bytes) in ${file}. It holds the coordinator's keys: keep it safe.`,
        );
        return EXIT.done;
      }),
    );
}

function registerRestore(parent: Command): void {
  parent
    .command('restore <file>')
    .description('Make a data folder from a backup, after checking all of it')
    .option('--data <dir>', `${DATA}; must be empty or missing`)
    .option('--json', 'print machine-readable output')
    .addHelpText(
      'after',
      `${CODES}\n\nExample:\n  manyhands coordinator restore ~/manyhands-2024-05-01.backup --data ./restored`,
    )
    .action(
      action<FileOptions>(async ({ args: [file = ''], options, out }) => {
        requireCoordinator('manyhands coordinator restore');
        const { restoreCoordinator } = await import('@manyhands/coordinator');
        const target = resolve(options.data ?? (await coordinatorFolder()));
        const { dataDirectory, files } = await restoreCoordinator({ file: resolve(file), dataDirectory: target });
        out.json({ version: 1, restored: { file: resolve(file), dataDirectory, files } });
        out.line(
          `Restored ${files} files into ${dataDirectory}. Start it: ${shellLine(['manyhands', 'coordinator', 'start', '--data', dataDirectory])}`,
        );
        return EXIT.done;
      }),
    );
}

/** Resolves at the first request to end; a later one ends the process at once. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    onRequestToEnd(() => {
      if (isStopping) process.exit(EXIT.interrupted);
      isStopping = true;
      resolve();
    });
  });
}

function toPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535');
}

/** Addresses with commas between them. */
function toList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new InvalidArgumentError('addresses and ranges have commas between them, as in 127.0.0.1,10.0.0.0/8');
}
