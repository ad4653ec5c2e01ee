// A host that comes again when it is told to, as a worker does.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountBinding, Lease, MessageOf, MessageToWorker, ProjectId, Receipt } from '@manyhands/contract';
import { encodeBundle, seal, utf8Bytes } from '@manyhands/contract';
import { BareHost, type BareHostOptions } from '../bench/bare-host.js';
import { indexesOf } from '../bench/host-records.js';
import type { Target } from './messages.js';

const HANDSHAKE_TIMEOUT_MS = 15_000;
const AGAIN_MS = 1000;
/** What each unit is said to take. */
const FUEL = 1_000_000;

type Said = Partial<Pick<Receipt, 'successes' | 'failures'>> & { bundles?: MessageOf<'receipts'>['bundles'] };

export class SiegeHost extends BareHost {
  welcome: MessageOf<'welcome'> | undefined;

  constructor(
    private readonly target: Target,
    options: BareHostOptions,
  ) {
    super(target.url, target.coordinatorId, options);
  }

  /** One attempt: what was answered, or null when the connection ended or took too long. */
  async tryJoin(binding?: AccountBinding): Promise<MessageOf<'welcome'> | MessageOf<'refuse'> | null> {
    const timer = setTimeout(() => this.close(), HANDSHAKE_TIMEOUT_MS);
    const answer = await this.greet(binding).catch(() => null);
    clearTimeout(timer);
    if (answer?.t === 'welcome') this.welcome = answer;
    else this.close();
    return answer;
  }

  requestWork(projectId: string, maximumUnits: number): Promise<MessageToWorker> {
    const wishes = { memoryBytes: 2 ** 33, availableMs: null, cachedManifests: [] };
    return this.ask({ t: 'lease.request', maximumUnits, ...wishes, projectIds: [projectId as ProjectId] });
  }

  /** The leases that it is given now; none when it is told to come later. */
  async lease(projectId: string, maximumUnits: number): Promise<Lease[]> {
    const answer = await this.requestWork(projectId, maximumUnits);
    return answer.t === 'lease.grant' ? answer.leases : [];
  }

  /** Signs and sends a receipt. */
  report(lease: Lease, { successes = [], failures = [], bundles = [] }: Said): Promise<MessageToWorker> {
    const { leaseId, manifestCid, appVersionId, build } = lease;
    const program = { appVersionId, build, engine: 'load' };
    const receipt = { version: 1, hostId: this.hostId, leaseId, manifestCid, ...program, successes, failures };
    const { coordinatorId } = this.target;
    const envelope = new Uint8Array(seal(receipt, { type: 'receipt', coordinatorId }, this.key));
    return this.ask({ t: 'receipts', envelope, bundles });
  }

  /** What a receipt says when each unit printed a text. */
  resultsOf(lease: Lease, textOf: (index: number) => string): Said {
    const made = indexesOf(lease).map((index) => ({ index, ...bundleOf(textOf(index)) }));
    return {
      successes: made.map(({ index, digest, bundle }) => [index, digest, bundle.length, 3, FUEL, 1, digest]),
      bundles: made.map(({ index, bundle }) => [index, bundle]),
    };
  }
}

/** Tries until it is in, or `isOver`; then null. */
export async function joinPatiently(
  target: Target,
  options: BareHostOptions,
  isOver: () => boolean,
): Promise<SiegeHost | null> {
  while (!isOver()) {
    const host = new SiegeHost(target, options);
    const answer = await host.tryJoin();
    if (answer?.t === 'welcome') return host;
    await sleep(answer?.retryAfterMs ?? AGAIN_MS);
  }
  return null;
}

function bundleOf(stdout: string): { digest: Uint8Array<ArrayBuffer>; bundle: Uint8Array<ArrayBuffer> } {
  const { digest, bundle } = encodeBundle({ exitCode: 0, stdout: utf8Bytes(stdout), files: [] });
  return { digest: new Uint8Array(digest), bundle: new Uint8Array(bundle) };
}
