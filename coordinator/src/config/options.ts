// The options of a coordinator: one schema with defaults, units and bounds.
import {
  BUILD_CPU_MAXIMUM_MS,
  listenHost,
  ManyhandsError,
  OUTPUT_MAXIMUM_BYTES,
  shapeTrouble,
} from '@manyhands/contract';
import { PROXY_HEADERS } from '@manyhands/foundation';
import { z } from 'zod';
import { isNetwork } from './networks.js';

const GIB = 1024 ** 3;
const bytes = z.int().min(0);
const SHARED_NETWORKS_MAXIMUM = 64;
/** Gateway and overlay take the two ports after it. */
const PORT_MAXIMUM = 65533;
const portSchema = z.int().min(0).max(PORT_MAXIMUM);

/** What `startCoordinator` takes. Ports 0 are chosen by the system; otherwise gateway and overlay take the two ports after `port`. */
export const coordinatorOptionsSchema = z.strictObject({
  /** Folder of everything that lasts; made when missing. */
  dataDirectory: z.string().min(1),
  port: portSchema.default(8420),
  /** Address to listen on; `::` means all of IPv4 and IPv6. */
  host: z.string().min(1).default('127.0.0.1'),
  /** Address under which others reach the coordinator; default: host and port. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Address under which others reach the block gateway; default: the host of `publicUrl` and the gateway's port. */
  publicGatewayUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Whether anybody may create a project without invitation or approval. */
  isOpen: z.boolean().default(false),
  /** Instead of the token file in the data folder. */
  operatorToken: z.string().min(16).max(200).optional(),
  /** Folder of the built web pages. */
  webRoot: z.string().optional(),
  /** Networks as ADDRESS/BITS that several volunteers share: their computers count as independent of each other. In the environment with commas between. */
  sharedNetworks: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value),
      z
        .array(z.string().refine(isNetwork, 'ADDRESS/BITS is needed, such as 192.0.2.7/32'))
        .max(SHARED_NETWORKS_MAXIMUM),
    )
    .default([]),
  /** The shortest duration of a lease. */
  leaseMinimumMs: z.int().min(100).default(30_000),
  logLevel: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** New work and uploads stop when the disk has less than this left. */
  diskReserveBytes: bytes.default(GIB),
  /** Blocks that one project may keep here. */
  projectQuotaBytes: bytes.default(100 * GIB),
  /** Blocks and results of a batch are removed this long after it ended; null: never. */
  retentionMs: z
    .int()
    .min(0)
    .nullable()
    .default(90 * 24 * 60 * 60_000),
  /** Blocks that no app version and no batch names are removed this long after they were last put or asked for. */
  unusedBlockRetentionMs: z
    .int()
    .min(0)
    .default(7 * 24 * 60 * 60_000),
  /** How often retention looks for something to remove. */
  retentionIntervalMs: z
    .int()
    .min(50)
    .default(10 * 60_000),
  /** The most that one replica earns, whatever fuel it took. */
  creditPerReplicaMaximumMilli: z.int().min(0).max(1_000_000).default(1_000_000),
  /** stdout and files of one unit together. */
  outputMaximumBytes: z.int().min(1).max(OUTPUT_MAXIMUM_BYTES).default(OUTPUT_MAXIMUM_BYTES),
  /** REST calls that one address may make in a second, on average; all of one /24 (or /56 of IPv6) together four times as many. */
  requestsPerSecond: z.number().min(1).default(100),
  /** Addresses and ranges of proxies that are believed when they say for whom they call. */
  trustedProxies: z.array(z.string().min(1)).default([]),
  /** The one header in which they say so. */
  proxyHeader: z.enum(PROXY_HEADERS).default('x-forwarded-for'),
  /** Whether nothing is bounded for callers on the coordinator's own machine. */
  exemptLoopback: z.boolean().default(false),
  /** Workers connected at one time. */
  workerConnectionsMaximum: z.int().min(1).default(20_000),
  /** Connections beside them: of pages, calls and proxies. */
  callConnectionsMaximum: z.int().min(1).default(2000),
  /** Connections of the block gateway, and as many of the overlay's seed. */
  gatewayConnectionsMaximum: z.int().min(1).default(1000),
  /** Handshakes of workers under way; the network with most gives up the one that waits longest. */
  pendingHandshakesMaximum: z.int().min(1).default(500),
  /** Handshakes that one address may begin in a minute. */
  handshakesPerMinute: z.int().min(1).default(600),
  /** Handshakes of all workers in a second, on average; beyond it those are told to come later whose networks brought most. */
  handshakesPerSecond: z.number().min(1).default(200),
  /** How late the event loop may be before all that can come later is told so; a fifth of it strains nobody. */
  heavyLagMs: z.int().min(100).default(1000),
  /** Hosts that one address may bring for the first time in an hour, and accounts that it may found. */
  newcomersPerHour: z.int().min(1).default(500),
  /** CPU time that costly answers to one network may take in a second, on average; to all networks together twice, to a project that signs its calls one and a half times as much. */
  readCpuMsPerSecond: z.number().min(1).max(1000).default(200),
  /** CPU time of the check of one app version; its wall clock may be five times as long. */
  appCheckTimeoutMs: z.int().min(100).default(BUILD_CPU_MAXIMUM_MS),
  /** Memory that the check of one app version may take. */
  appCheckMemoryBytes: z
    .int()
    .min(64 * 1024 ** 2)
    .default(2 * GIB),
  /** How far the checks and the seed give way to other processes, as `nice` counts: 19 always, 0 not at all; the seed at most 10. */
  nice: z.int().min(0).max(19).default(19),
  /** App versions of one project that wait for their check. */
  pendingAppVersionsMaximum: z.int().min(1).default(4),
  /** Encrypted checkpoints that wait for a successor, all together; of unfinished ones what has arrived. */
  checkpointQuotaBytes: bytes.default(20 * GIB),
  /** Bytes that one host may bring about at once without anybody confirming its results, an account four times as many; a 1024th of it each second beside. */
  hostLastingBytes: z
    .int()
    .min(64 * 1024)
    .default(64 * 1024 ** 2),
  /** What has arrived of results that are being uploaded, all together. */
  uploadQuotaBytes: bytes.default(20 * GIB),
});
export type CoordinatorOptions = z.input<typeof coordinatorOptionsSchema>;
export type CheckedOptions = z.output<typeof coordinatorOptionsSchema>;

/** What operators know the options by. */
const FLAGS: Readonly<Record<string, string>> = {
  dataDirectory: '--data',
  port: '--port',
  host: '--host',
  publicUrl: '--public-url',
  publicGatewayUrl: '--gateway-url',
  trustedProxies: '--trusted-proxies',
  proxyHeader: '--proxy-header',
  sharedNetworks: '--shared-network',
};

/** Fills in the defaults. Throws MH-GEN-009. */
export function checkOptions(options: CoordinatorOptions): CheckedOptions {
  const checked = coordinatorOptionsSchema.safeParse(options);
  if (checked.success) return { ...checked.data, host: listenHost(checked.data.host, '--host') };
  throw new ManyhandsError('MH-GEN-009', {
    message: `An option of the coordinator is wrong: ${shapeTrouble(checked.error, FLAGS)}.`,
  });
}
