// What a worker says about itself to its owner: `worker status --json`, and the JSON lines of `worker join`.
import { LAYERS } from '@manyhands/sandbox';
import { z } from 'zod';

const countSchema = z.int().min(0);
const layerSchema = z.enum(LAYERS);
const sandboxSchema = z.object({
  kind: z.enum(['bubblewrap', 'namespaces', 'landlock', 'none']),
  standing: z.array(layerSchema),
  missing: z.array(z.object({ layer: layerSchema, reason: z.string() })),
});

/** Version 1. Fields may be added; a changed meaning is a new version. */
export const workerStatusSchema = z.object({
  version: z.literal(1),
  state: z.enum(['connecting', 'offline', 'working', 'fetching', 'waiting', 'paused', 'leaving', 'ended']),
  /** One line for people: what, why, what next. */
  line: z.string(),
  /** The documented code behind the state. */
  code: z.string().nullable(),
  /** Why there is no connection to the coordinator, whatever else the state says; or what its owner must know though there is one. Absent from older workers. */
  trouble: z.object({ code: z.string(), message: z.string() }).nullable().default(null),
  coordinatorUrl: z.string(),
  coordinatorId: z.string(),
  hostId: z.string(),
  /** The name under which public pages show this host; null before the first welcome. */
  pseudonym: z.string().nullable(),
  accountId: z.string().nullable(),
  accountLabel: z.string().nullable(),
  limits: z.object({ cores: countSchema, memoryBytes: countSchema, diskBytes: countSchema }),
  units: z.object({
    running: countSchema,
    held: countSchema,
    /** Computed and not yet acknowledged by the coordinator. */
    unacknowledged: countSchema,
    /** Large results that the coordinator may still fetch. */
    kept: countSchema,
  }),
  /** Units of the chosen projects that were not settled when the coordinator last had no work; null: unknown. */
  openUnitCount: countSchema.nullable(),
  /** Since the worker started. `recorded`, `settled`, `refused`: what the coordinator said of the receipts. */
  totals: z.object({
    computed: countSchema,
    recorded: countSchema,
    settled: countSchema,
    refused: countSchema,
    failed: countSchema,
  }),
  transfers: z.object({
    fromPeersBytes: countSchema,
    fromOriginBytes: countSchema,
    toPeersBytes: countSchema,
    connectedPeers: countSchema,
  }),
  /** The overlay's peer id; null with `--no-p2p`. */
  peerId: z.string().nullable(),
  /** The walls of the operating system around programs: those that stand, and why the others do not. Null: not told, by an older worker. */
  sandbox: sandboxSchema.nullable().default(null),
  processId: countSchema,
  executorProcessId: countSchema.nullable(),
});
export type WorkerStatus = z.infer<typeof workerStatusSchema>;
