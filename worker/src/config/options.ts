// The options of a worker: schema, defaults and bounds in one place.
import { ManyhandsError, shapeTrouble, slugSchema, visibleLabelSchema } from '@manyhands/contract';
import { SANDBOX_POLICIES, type SandboxPolicy } from '@manyhands/sandbox';
import { DEFAULT_DISK_BYTES, defaultCores, defaultMemoryBytes } from '@manyhands/worker-core';
import { z } from 'zod';
import { localAddressOf } from './local-address.js';
import { type Machine, thisMachine } from './machine.js';

const MEBIBYTE = 1024 * 1024;
const LOWEST_PRIORITY = 19;

export const workerOptionsSchema = z.object({
  /** Address of the coordinator, `http` or `https`. */
  coordinatorUrl: z.url({ protocol: /^https?$/ }),
  /** Folder of keys, journal and blocks. */
  dataDirectory: z.string().min(1),
  /** Makes or uses a key-owned account with this label. */
  account: visibleLabelSchema.optional(),
  /** One-time code of an existing account. */
  code: z.string().min(1).max(40).optional(),
  /** Cores to use; default: half. More than there are is lowered to that, with a warning in the log. */
  cpus: z.int().min(1).max(1024).optional(),
  /** How far computing gives way to other programs, as `nice` counts: 19 always, 0 not at all; default: 19. */
  nice: z.int().min(0).max(LOWEST_PRIORITY).optional(),
  /** Memory for units; default: half. More than there is likewise. */
  memoryBytes: z
    .int()
    .min(64 * MEBIBYTE)
    .optional(),
  /** Disk for blocks and results; default: 8 GiB. */
  diskBytes: z
    .int()
    .min(64 * MEBIBYTE)
    .optional(),
  /** Names of the projects to work for; default: all. */
  projects: z.array(slugSchema).max(100).optional(),
  /** Whether to exchange blocks with other hosts; default: yes. */
  isP2p: z.boolean().optional(),
  /** End when no unit is open any more; default: no. */
  isOnce: z.boolean().optional(),
  /** Time between two snapshots of a unit under way, in ms; default: 30 s, less often where that would cost more than a hundredth of the time. */
  snapshotIntervalMs: z
    .int()
    .min(100)
    .max(24 * 60 * 60_000)
    .optional(),
  /** Whether programs run behind walls of the operating system: `required`, the `best` that stand (default), `off`. */
  sandbox: z.enum(SANDBOX_POLICIES).optional(),
  overlayListenHost: z.string().optional(),
  overlayListenPort: z.int().min(0).max(65535).optional(),
  /** An IP address of this computer that all connections come from; default: whichever the system takes. */
  localAddress: z.string().optional(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).optional(),
});

/** What volunteers know the options by. */
const FLAGS: Readonly<Record<string, string>> = {
  coordinatorUrl: 'the address of the coordinator',
  dataDirectory: '--data',
  account: '--account',
  code: '--code',
  cpus: '--cpus',
  memoryBytes: '--memory',
  diskBytes: '--disk',
  projects: '--project',
  sandbox: '--sandbox',
  overlayListenHost: '--listen',
  overlayListenPort: '--listen',
  localAddress: '--local-address',
  logLevel: '--log-level',
};

export type WorkerOptions = z.input<typeof workerOptionsSchema>;
export type ResolvedOptions = {
  coordinatorUrl: string;
  dataDirectory: string;
  account: string | null;
  code: string | null;
  cpus: number;
  nice: number;
  memoryBytes: number;
  diskBytes: number;
  projects: string[] | null;
  isP2p: boolean;
  isOnce: boolean;
  /** null: chosen by cost. */
  snapshotIntervalMs: number | null;
  sandbox: SandboxPolicy;
  /** null: on this machine only when the coordinator is on it, otherwise everywhere. */
  overlayListenHost: string | null;
  overlayListenPort: number;
  /** null: any. */
  localAddress: string | null;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** What was lowered to what the machine has, in words. */
  lowered: string[];
};

/** Checks options and fills in what the volunteer left open. Throws MH-GEN-009. */
export function resolveOptions(options: WorkerOptions, machine: Machine = thisMachine()): ResolvedOptions {
  const parsed = workerOptionsSchema.safeParse(options);
  if (!parsed.success) throw wrong(`An option of the worker is wrong: ${shapeTrouble(parsed.error, FLAGS)}.`);
  const { data } = parsed;
  if (data.account !== undefined && data.code !== undefined)
    throw wrong('Give either --account or --code, not both: a code belongs to an account already.');
  const { cpus = defaultCores(machine.cores), memoryBytes = defaultMemoryBytes(machine.memoryBytes) } = data;
  return {
    coordinatorUrl: data.coordinatorUrl.replace(/\/+$/, ''),
    dataDirectory: data.dataDirectory,
    account: data.account ?? null,
    code: data.code ?? null,
    cpus: Math.min(cpus, machine.cores),
    nice: data.nice ?? LOWEST_PRIORITY,
    memoryBytes: Math.min(memoryBytes, machine.memoryBytes),
    diskBytes: data.diskBytes ?? DEFAULT_DISK_BYTES,
    projects: data.projects?.length ? data.projects : null,
    isP2p: data.isP2p ?? true,
    isOnce: data.isOnce ?? false,
    snapshotIntervalMs: data.snapshotIntervalMs ?? null,
    sandbox: data.sandbox ?? 'best',
    overlayListenHost: data.overlayListenHost ?? null,
    overlayListenPort: data.overlayListenPort ?? 0,
    localAddress: data.localAddress === undefined ? null : localAddressOf(data.localAddress),
    logLevel: data.logLevel ?? 'info',
    lowered: [
      ...(cpus > machine.cores ? [`${cpus} cores to ${machine.cores}`] : []),
      ...(memoryBytes > machine.memoryBytes ? [`${memoryBytes} bytes of memory to ${machine.memoryBytes}`] : []),
    ],
  };
}

function wrong(message: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', { message });
}
