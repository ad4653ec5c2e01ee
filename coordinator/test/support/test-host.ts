// A worker's side of the WebSocket, for tests: speaks the contract and, where a test wants it, lies.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  type AccountBinding,
  challengePayloadSchema,
  coordinatorIdOf,
  decodeToWorker,
  encodeBundle,
  encodeMessage,
  FUEL_PER_COBBLESTONE,
  type HostId,
  hostIdOf,
  type KeyPair,
  keyPairOfSeed,
  type Lease,
  type MessageOf,
  type MessageToCoordinator,
  type MessageToWorker,
  open,
  type Receipt,
  seal,
  utf8Bytes,
} from '@manyhands/contract';
import { until } from '@manyhands/testing';
import { WebSocket } from 'ws';

type ReplyTo = Extract<MessageToWorker, { id: number }> | Extract<MessageToWorker, { t: 'error' }>;
/** A request without its id. */
type Request = MessageToCoordinator extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

export type HostOptions = {
  key?: KeyPair;
  binding?: AccountBinding;
  cores?: number;
  protocol?: [number, number];
  /** Which process it says to be; none: an older worker. */
  instance?: Uint8Array<ArrayBuffer>;
  /** Whether it answers pings, as a living process does; default: yes. */
  isAnswering?: boolean;
  /** Where it comes from; any loopback address. */
  localAddress?: string;
  /** What it says beside the upgrade, as a proxy would. */
  headers?: Record<string, string>;
};

export class TestHost {
  readonly key: KeyPair;
  readonly hostId: HostId;
  readonly pushed: MessageToWorker[] = [];
  welcome: MessageOf<'welcome'> | undefined;
  socket: WebSocket;
  closeCode: number | undefined;
  private nextId = 1;
  private readonly waiting = new Map<number, (reply: ReplyTo) => void>();

  constructor(
    readonly target: { url: string; coordinatorId: Parameters<typeof seal>[1]['coordinatorId'] },
    readonly options: HostOptions = {},
  ) {
    this.key = options.key ?? keyPairOfSeed(new Uint8Array(randomBytes(32)));
    this.hostId = hostIdOf(this.key.publicKey);
    const { localAddress, isAnswering = true, headers = {} } = options;
    this.socket = new WebSocket(`${target.url.replace('http', 'ws')}/api/v1/worker`, {
      localAddress,
      headers,
      autoPong: isAnswering,
    });
    this.socket.on('message', (data: Buffer) => this.receive(data));
    this.socket.on('error', () => {});
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  /** Connects and completes the handshake; throws the refusal's code. */
  static async join(target: TestHost['target'], options: HostOptions = {}): Promise<TestHost> {
    const host = new TestHost(target, options);
    await host.opened();
    const challenge = await host.sayHello();
    host.prove(challenge);
    const answer = await host.next((message) => message.t === 'welcome' || message.t === 'refuse');
    if (answer.t === 'refuse') throw new Error(answer.code);
    host.welcome = answer as MessageOf<'welcome'>;
    return host;
  }

  async opened(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
  }

  /** Sends hello and checks the challenge. */
  async sayHello(): Promise<MessageOf<'challenge'>> {
    const nonce = new Uint8Array(randomBytes(16));
    const [protocolMinimum, protocolMaximum] = this.options.protocol ?? [1, 1];
    const hello = {
      protocolMinimum,
      protocolMaximum,
      features: [],
      clientVersion: 'test',
      hostKey: this.key.publicKey,
      ...(this.options.instance && { instance: this.options.instance }),
    };
    this.send({ t: 'hello', ...hello, nonce } as MessageToCoordinator);
    const answer = await this.next((message) => message.t === 'challenge' || message.t === 'refuse');
    if (answer.t !== 'challenge') throw new Error((answer as MessageOf<'refuse'>).code);
    const { coordinatorId } = this.target;
    const opened = open(answer.envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
    if (!opened.ok || coordinatorIdOf(opened.publicKey) !== coordinatorId) throw new Error('the challenge is forged');
    if (Buffer.compare(opened.value.workerNonce, nonce) !== 0) throw new Error('the challenge answers another hello');
    return answer;
  }

  prove(challenge: MessageOf<'challenge'>, signer = this.key): void {
    const { coordinatorId } = this.target;
    const opened = open(challenge.envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
    if (!opened.ok) throw new Error('no challenge');
    const { coordinatorNonce } = opened.value;
    const machine = {
      cores: this.options.cores ?? 2,
      memoryBytes: 2 ** 33,
      platform: 'test',
      arch: 'x64',
      engine: 'test',
    };
    const envelope = seal({ version: 1, coordinatorNonce, ...machine }, { type: 'host-proof', coordinatorId }, signer);
    this.send({ t: 'prove', envelope, binding: this.options.binding ?? { kind: 'keep' } } as MessageToCoordinator);
  }

  send(message: MessageToCoordinator): void {
    this.socket.send(encodeMessage(message));
  }

  /** Sends a request and waits for its answer. */
  async ask(request: Request): Promise<ReplyTo> {
    const id = this.nextId++;
    let reply: ReplyTo | undefined;
    this.waiting.set(id, (message) => {
      reply = message;
    });
    this.send({ ...request, id } as MessageToCoordinator);
    return until(`an answer to ${request.t}`, () => {
      if (!reply && this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
      return reply;
    });
  }

  /** The first message pushed from now on, or already and not yet taken, that fits. */
  async next(fits: (message: MessageToWorker) => boolean): Promise<MessageToWorker> {
    return until(
      () => `a message that fits ${fits}; there are ${this.pushed.map(({ t }) => t).join(' ') || 'none'}`,
      () => {
        const message = this.taken(fits);
        if (!message && this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
        return message;
      },
    );
  }

  /** Takes a message that was pushed already. */
  taken(fits: (message: MessageToWorker) => boolean): MessageToWorker | undefined {
    const at = this.pushed.findIndex(fits);
    return at < 0 ? undefined : this.pushed.splice(at, 1)[0];
  }

  async requestWork(maximumUnits = 16, more: Partial<MessageOf<'lease.request'>> = {}): Promise<ReplyTo> {
    const wishes = { memoryBytes: 2 ** 31, availableMs: null, projectIds: null, cachedManifests: [] };
    return this.ask({ t: 'lease.request', maximumUnits, ...wishes, ...more });
  }

  /** Asks for work and expects a grant. */
  async lease(maximumUnits = 16): Promise<Lease[]> {
    const answer = await this.requestWork(maximumUnits);
    if (answer.t !== 'lease.grant') throw new Error(`no grant but ${JSON.stringify(answer)}`);
    return answer.leases;
  }

  /** The signed statement of results; `bytes` gives stdout by index. */
  receipt(
    lease: Lease,
    items: { indexes?: number[]; bytes?: (index: number) => string; fuel?: (index: number) => number } = {},
  ): SignedReceipt {
    const { indexes = indexesOf(lease), bytes = answerOf, fuel = fuelOf } = items;
    const made = indexes.map((index) => ({ index, ...bundleOf(bytes(index)) }));
    return this.sign(lease, {
      successes: made.map(({ index, digest, bundle }) => [index, digest, bundle.length, 5, fuel(index), 3, CHAIN_ROOT]),
      bundles: made.filter(({ bundle }) => bundle.length <= 16 * 1024).map(({ index, bundle }) => [index, bundle]),
    });
  }

  sign(
    { leaseId, manifestCid, appVersionId, build }: Pick<Lease, 'leaseId' | 'manifestCid' | 'appVersionId' | 'build'>,
    {
      successes = [],
      failures = [],
      bundles = [],
      signer = this.key,
    }: Partial<Pick<Receipt, 'successes' | 'failures'>> & { bundles?: SignedReceipt['bundles']; signer?: KeyPair },
  ): SignedReceipt {
    const names = { version: 1, hostId: this.hostId, leaseId, manifestCid, appVersionId, build, engine: 'test x64' };
    const receipt = { ...names, successes, failures };
    const { coordinatorId } = this.target;
    return {
      envelope: seal(receipt, { type: 'receipt', coordinatorId }, signer) as SignedReceipt['envelope'],
      bundles,
    };
  }

  /** Reports and returns the items of the acknowledgement, or the error. */
  async report(receipt: SignedReceipt): Promise<MessageOf<'receipts.ack'>['items'] | string> {
    const answer = await this.ask({ t: 'receipts', ...receipt });
    return answer.t === 'receipts.ack' ? answer.items : (answer as MessageOf<'error'>).code;
  }

  /** Leases and reports until there is nothing for this host; returns how many units it did. */
  async workAll(bytes: (index: number) => string = answerOf): Promise<number> {
    for (let done = 0; ; ) {
      const answer = await this.requestWork(256);
      if (answer.t !== 'lease.grant') return done;
      for (const lease of answer.leases) {
        await this.report(this.receipt(lease, { bytes }));
        done += indexesOf(lease).length;
      }
    }
  }

  async close(): Promise<void> {
    if (this.closeCode !== undefined) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private receive(data: Buffer): void {
    const decoded = decodeToWorker(new Uint8Array(data));
    if (!decoded.ok) throw new Error(decoded.reason);
    const { message } = decoded;
    const id = 'id' in message ? message.id : null;
    const waiting = id === null ? undefined : this.waiting.get(id);
    if (waiting && id !== null) {
      this.waiting.delete(id);
      waiting(message as ReplyTo);
      return;
    }
    this.pushed.push(message);
  }
}

export type SignedReceipt = Pick<MessageOf<'receipts'>, 'envelope' | 'bundles'>;

/** What honest test hosts say of the chain, and of the fuel: one cobblestone's worth. */
export const CHAIN_ROOT = new Uint8Array(32).fill(7);
const fuelOf = (): number => FUEL_PER_COBBLESTONE;

/** What honest test hosts answer. */
export const answerOf = (index: number): string => `answer ${index}`;

export function indexesOf({ ranges }: Pick<Lease, 'ranges'>): number[] {
  return ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, offset) => first + offset));
}

export function bundleOf(stdout: string): { digest: Uint8Array<ArrayBuffer>; bundle: Uint8Array<ArrayBuffer> } {
  const { digest, bundle } = encodeBundle({ exitCode: 0, stdout: utf8Bytes(stdout), files: [] });
  return { digest: new Uint8Array(digest), bundle: new Uint8Array(bundle) };
}
