// A host of the tests' own that speaks the protocol frame by frame, to say what an honest worker never would.
import { randomBytes } from 'node:crypto';
import {
  type AccountBinding,
  accountIdOf,
  type CoordinatorId,
  challengePayloadSchema,
  decodeToWorker,
  encodeBundle,
  encodeDagCbor,
  encodeMessage,
  FUEL_PER_COBBLESTONE,
  type HostId,
  hostIdOf,
  type KeyPair,
  keyPairOfSeed,
  type Lease,
  type MessageToCoordinator,
  type MessageToWorker,
  open,
  type Receipt,
  seal,
  type UnitResult,
} from '@manyhands/contract';
import { until } from '@manyhands/testing';
import { WebSocket } from 'ws';

type Without<M, K extends string> = M extends unknown ? Omit<M, K> : never;
type Request = Without<Extract<MessageToCoordinator, { id: number }>, 'id'>;

type RawHostOptions = { handshake?: boolean; keyPair?: KeyPair; account?: KeyPair; localAddress?: string | undefined };

/** What a unit of a host of the tests is worth. */
export const RAW_CREDIT_MILLI = 3;

export class RawHost {
  readonly keyPair: KeyPair;
  readonly hostId: HostId;
  readonly received: MessageToWorker[] = [];
  pseudonym = '';
  /** What it says that a unit takes: worth RAW_CREDIT_MILLI. */
  fuel = (RAW_CREDIT_MILLI * FUEL_PER_COBBLESTONE) / 1000;
  closedWith: number | undefined;
  #socket!: WebSocket;
  #coordinatorId!: CoordinatorId;
  #nextId = 1;

  private constructor(keyPair: KeyPair = newKeyPair()) {
    this.keyPair = keyPair;
    this.hostId = hostIdOf(keyPair.publicKey);
  }

  /** Connects and, unless told otherwise, completes the handshake. `account`: joins the account of this key. `localAddress`: where it comes from. */
  static async connect(
    url: string,
    { handshake = true, keyPair, account, localAddress }: RawHostOptions = {},
  ): Promise<RawHost> {
    const host = new RawHost(keyPair);
    const info = (await (await fetch(`${url}/api/v1/coordinator`)).json()) as {
      coordinatorId: CoordinatorId;
      webSocketUrl: string;
    };
    host.#coordinatorId = info.coordinatorId;
    host.#socket = new WebSocket(info.webSocketUrl, { localAddress });
    host.#socket.on('message', (data: Buffer) => {
      const decoded = decodeToWorker(new Uint8Array(data));
      if (decoded.ok) host.received.push(decoded.message);
    });
    host.#socket.on('close', (code) => {
      host.closedWith = code;
    });
    await new Promise((resolve, reject) => host.#socket.once('open', resolve).once('error', reject));
    if (handshake) await host.handshake(account);
    return host;
  }

  async handshake(account?: KeyPair): Promise<void> {
    const nonce = new Uint8Array(randomBytes(16));
    this.send({
      t: 'hello',
      protocolMinimum: 1,
      protocolMaximum: 1,
      features: [],
      clientVersion: 'test',
      hostKey: this.keyPair.publicKey,
      nonce,
    });
    const challenge = await this.wait('challenge');
    const opened = open(challenge.envelope, this.context('challenge'), { schema: challengePayloadSchema });
    if (!opened.ok) throw new Error(opened.reason);
    const proof = {
      version: 1,
      coordinatorNonce: opened.value.coordinatorNonce,
      cores: 1,
      memoryBytes: 2 ** 30,
      platform: 'test',
      arch: 'test',
      engine: 'test',
    };
    this.send({
      t: 'prove',
      envelope: seal(proof, this.context('host-proof'), this.keyPair),
      binding: account ? this.#bindingTo(account) : { kind: 'keep' },
    });
    this.pseudonym = (await this.wait('welcome')).pseudonym;
  }

  #bindingTo(account: KeyPair): AccountBinding {
    const context = { coordinatorId: this.#coordinatorId };
    const genesis = { version: 1, label: 'test', accountKey: account.publicKey, nonce: new Uint8Array(16) };
    const delegation = { version: 1, accountId: accountIdOf(encodeDagCbor(genesis)), hostId: this.hostId };
    return {
      kind: 'key',
      genesis: seal(genesis, { type: 'account-genesis', ...context }, account),
      delegation: seal(delegation, { type: 'account-delegation', ...context }, account),
    } as AccountBinding;
  }

  context<T extends 'challenge' | 'host-proof' | 'overlay-record' | 'receipt' | 'request'>(
    type: T,
  ): { type: T; coordinatorId: CoordinatorId } {
    return { type, coordinatorId: this.#coordinatorId };
  }

  send(message: MessageToCoordinator): void {
    this.#socket.send(encodeMessage(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(): void {
    this.#socket.close();
  }

  /** Sends a request and gives its reply, whatever it is. */
  async request(message: Request): Promise<MessageToWorker> {
    const id = this.#nextId++;
    this.send({ ...message, id } as MessageToCoordinator);
    return this.#until(`a reply to ${message.t}`, () =>
      this.received.find((reply) => 'id' in reply && reply.id === id),
    );
  }

  /** The first message of a type. */
  wait<T extends MessageToWorker['t']>(type: T): Promise<Extract<MessageToWorker, { t: T }>> {
    return this.#until(
      `a message ${type}`,
      () => this.received.find(({ t }) => t === type) as Extract<MessageToWorker, { t: T }> | undefined,
    );
  }

  /** Asks for work once. Undefined when there is none now. */
  async lease(maximumUnits: number): Promise<Lease | undefined> {
    const reply = await this.request({
      t: 'lease.request',
      maximumUnits,
      memoryBytes: 2 ** 31,
      availableMs: null,
      projectIds: null,
      cachedManifests: [],
    });
    return reply.t === 'lease.grant' ? reply.leases[0] : undefined;
  }

  /** A receipt for units of a lease with whatever results are given, signed by this host. */
  sealReceipt(
    lease: Lease,
    results: readonly { index: number; result: UnitResult }[],
    change: Partial<Receipt> = {},
  ): Pick<Extract<Request, { t: 'receipts' }>, 'envelope' | 'bundles'> {
    const encoded = results.map(({ index, result }) => {
      const { digest, bundle } = encodeBundle(result);
      return { index, digest: new Uint8Array(digest), bundle: new Uint8Array(bundle) };
    });
    const receipt: Receipt = {
      version: 1,
      hostId: this.hostId,
      leaseId: lease.leaseId,
      manifestCid: lease.manifestCid,
      appVersionId: lease.appVersionId,
      build: lease.build,
      engine: 'test',
      successes: encoded.map(({ index, digest, bundle }) => [
        ...([index, digest, bundle.length, 5] as const),
        ...([this.fuel, 1, new Uint8Array(32)] as const),
      ]),
      failures: [],
      ...change,
    };
    return {
      envelope: seal(receipt, this.context('receipt'), this.keyPair),
      bundles: encoded.map(({ index, bundle }) => [index, bundle]),
    };
  }

  #until<T>(what: string, find: () => T | undefined): Promise<Exclude<T, undefined | null | false>> {
    const story = () => `${what}; received ${this.received.map(({ t }) => t).join(' ')}`;
    return until(story, () => {
      const found = find();
      if (!found && this.closedWith !== undefined) throw new Error(`closed with ${this.closedWith} before ${story()}`);
      return found;
    });
  }
}

export const newKeyPair = (): KeyPair => keyPairOfSeed(new Uint8Array(randomBytes(32)));

/** The unit indexes of a lease. */
export function indexesOf({ ranges }: Lease): number[] {
  return ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, offset) => first + offset));
}
