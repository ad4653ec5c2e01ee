// What happens before a worker starts to work: the coordinator is pinned, the projects are found, the account is made or used.
import { existsSync, rmSync } from 'node:fs';
import {
  type AccountBinding,
  type CoordinatorId,
  coordinatorIdSchema,
  type HostId,
  keyPairOfSeed,
  ManyhandsError,
  PROTOCOL_MAXIMUM,
  PROTOCOL_MINIMUM,
  type ProjectId,
  projectIdSchema,
  rawCidOf,
  utf8Bytes,
} from '@manyhands/contract';
import { accountIn, accountLabelIn } from '../../config/account.js';
import { type DataFolder, keySeedIn } from '../../config/data-folder.js';
import type { ResolvedOptions } from '../../config/options.js';
import { CoordinatorApi, fetchCoordinatorInfo } from '../../control/coordinator-api.js';
import { keyBinding } from '../../control/host-proof.js';
import type { WayOut } from '../../control/way-out.js';
import type { Journal } from '../../journal/journal.js';

const PIN = 'coordinator-id';
const REDEEMED = 'redeemed-code';

/** The pinned coordinator; the first join pins what the address says it is. Throws MH-GEN-005, MH-WIR-002. */
export async function pinCoordinator(
  { coordinatorUrl }: ResolvedOptions,
  { journal, wayOut }: { journal: Journal; wayOut: WayOut },
): Promise<CoordinatorId> {
  const pinned = coordinatorIdSchema.safeParse(journal.meta(PIN));
  if (pinned.success) return pinned.data;
  const { coordinatorId, protocol } = await fetchCoordinatorInfo(coordinatorUrl, wayOut);
  if (protocol.minimum > PROTOCOL_MAXIMUM)
    throw new ManyhandsError('MH-WIR-002', {
      message: `This worker is too old for the coordinator (protocol ${PROTOCOL_MAXIMUM}, it needs ${protocol.minimum}). Upgrade the worker.`,
    });
  if (protocol.maximum < PROTOCOL_MINIMUM)
    throw new ManyhandsError('MH-WIR-002', {
      message: `The coordinator is too old for this worker (protocol ${protocol.maximum}, it needs ${PROTOCOL_MINIMUM}). Its operator must upgrade it.`,
    });
  journal.setMeta(PIN, coordinatorId);
  return coordinatorId;
}

/** Identifiers of the chosen projects, remembered for starts without a connection. Throws MH-GEN-003, MH-GEN-005. */
export async function findProjects(
  { projects }: ResolvedOptions,
  { api, journal }: { api: CoordinatorApi; journal: Journal },
): Promise<ProjectId[] | null> {
  if (!projects) return null;
  try {
    const ids = await api.projectIds(projects);
    for (const [index, id] of ids.entries()) journal.setMeta(`project ${projects[index]}`, id);
    return ids;
  } catch (error) {
    const remembered = projects.map((name) => projectIdSchema.safeParse(journal.meta(`project ${name}`)));
    const ids = remembered.flatMap((parsed) => (parsed.success ? [parsed.data] : []));
    if (ManyhandsError.from(error).retryable && ids.length === projects.length) return ids;
    throw error;
  }
}

/** How the first handshake binds the host to an account. */
export type FirstBinding = {
  /** Rejects when the coordinator cannot be asked for what it takes. */
  binding(): AccountBinding | Promise<AccountBinding>;
  /** The coordinator has welcomed the host. */
  onBound(): void;
};

/** To which account the first handshake binds the host. A one-time code is used once, however often it is given; a renewed host stays in its account. */
export function firstBinding(
  { account, code, coordinatorUrl }: ResolvedOptions,
  host: { hostId: HostId; coordinatorId: CoordinatorId },
  { folder, journal, wayOut }: { folder: DataFolder; journal: Journal; wayOut: WayOut },
): FirstBinding {
  const hasPredecessor = existsSync(folder.predecessorKey);
  const onBound = (): void => rmSync(folder.predecessorKey, { force: true });
  const label = account ?? (hasPredecessor ? accountLabelIn(folder) : null);
  if (label !== null) {
    const { nonce, keySeed } = accountIn(folder, label);
    const binding = keyBinding({ label, nonce, keyPair: keyPairOfSeed(keySeed) }, host);
    return { binding: () => binding, onBound };
  }
  const { coordinatorId } = host;
  if (code !== null && journal.meta(REDEEMED) !== fingerprintOf(code)) {
    const onUsed = (): void => {
      journal.setMeta(REDEEMED, fingerprintOf(code));
      onBound();
    };
    return { binding: () => ({ kind: 'code', code }), onBound: onUsed };
  }
  if (!hasPredecessor) return { binding: () => ({ kind: 'keep' }), onBound };
  const keyPair = keyPairOfSeed(keySeedIn(folder.predecessorKey));
  return {
    binding: () => inheritedBinding(new CoordinatorApi({ coordinatorUrl, coordinatorId }, { keyPair, wayOut })),
    onBound,
  };
}

/** The predecessor's key asks for a code of its account. */
async function inheritedBinding(predecessor: CoordinatorApi): Promise<AccountBinding> {
  try {
    return { kind: 'code', code: await predecessor.accountCode() };
  } catch (error) {
    const { code } = ManyhandsError.from(error);
    if (code === 'MH-ACC-002') return { kind: 'keep' }; // it never was in one, or that was deleted
    if (code !== 'MH-GEN-003') throw error;
    throw new ManyhandsError('MH-GEN-003', {
      message:
        'The coordinator is too old to keep the account of a renewed host. Make a code with `manyhands account code` on a computer that has the account’s key, and join with --code.',
      cause: error,
    });
  }
}

/** A code is a secret until it is used; only its hash is kept. */
function fingerprintOf(code: string): string {
  return rawCidOf(utf8Bytes(code));
}
