// A coordinator of the tests' own over real sockets: honest unless a test tells it to lie, and remembering everything it was told.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Build,
  type CheckpointOffer,
  checkRequestToken,
  coordinatorIdOf,
  decodeToCoordinator,
  encodeMessage,
  type FailureItem,
  handOverSchema,
  hostIdOf,
  type KeyPair,
  type Lease,
  ManyhandsError,
  type MessageOf,
  type MessageToCoordinator,
  type MessageToWorker,
  open,
  type Receipt,
  receiptSchema,
  seal,
} from '@manyhands/contract';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeBatch, type TestBatch } from './batch.js';
import { appVersionOf, infoOf, KEY, projectOf, type Reported, type Script, type ScriptedOptions } from './script.js';

export { COORDINATOR_ID, KEY, type Reported } from './script.js';

export class ScriptedCoordinator {
  readonly script: Script = {
    unitsPerLease: 4,
    durationMs: 600_000,
    isAcknowledging: true,
    isTellingTime: true,
    isClockStuck: false,
  };
  readonly received: MessageToCoordinator[] = [];
  readonly results = new Map<number, Reported>();
  readonly receipts: Receipt[] = [];
  /** Codes of signed calls that were refused. */
  readonly refusals: string[] = [];
  readonly failures = new Map<number, FailureItem>();
  readonly uploads = new Map<number, Uint8Array>();
  readonly leases = new Map<string, Lease>();
  /** How often each unit was stated. */
  readonly statementCounts = new Map<number, number>();
  connectionCount = 0;
  /** The addresses that connections came from. */
  readonly callers = new Set<string>();
  /** Messages and leases handed out go on after a restart of the worker. */
  readonly waiting: number[];
  /** Units to be leased with another build, or with a checkpoint. */
  readonly begun: { index: number; build?: Build; checkpoint?: CheckpointOffer }[] = [];
  /** Encrypted checkpoints by unit. */
  readonly checkpoints = new Map<number, Uint8Array>();
  readonly #handOvers = new Map<number, Uint8Array<ArrayBuffer>[]>();
  readonly batch: TestBatch;
  readonly key: KeyPair;
  #http!: Server;
  #sockets!: WebSocketServer;
  #hostKey: Uint8Array = new Uint8Array();
  #leaseCount = 0;
  #withdrawnCount = 0;

  private constructor(batch: TestBatch, key: KeyPair) {
    this.batch = batch;
    this.key = key;
    this.waiting = batch.inputs.map((_, index) => index);
  }

  static async start(options: ScriptedOptions, port = 0): Promise<ScriptedCoordinator> {
    const key = options.key ?? KEY;
    const batch = await makeBatch({ ...options, coordinatorId: coordinatorIdOf(key.publicKey) });
    const coordinator = new ScriptedCoordinator(batch, key);
    coordinator.#http = createServer((request, response) => coordinator.#serve(request, response));
    coordinator.#http.on('connection', ({ remoteAddress = '' }) => coordinator.callers.add(remoteAddress));
    coordinator.#sockets = new WebSocketServer({ server: coordinator.#http, path: '/api/v1/worker' });
    coordinator.#sockets.on('connection', (socket) => coordinator.#connect(socket));
    await new Promise<void>((resolve) => coordinator.#http.listen(port, '127.0.0.1', resolve));
    return coordinator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get coordinatorId() {
    return coordinatorIdOf(this.key.publicKey);
  }

  /** Sends a message to every worker. */
  push(message: MessageToWorker): void {
    for (const socket of this.#sockets.clients) send(socket, message);
  }

  sendBytes(bytes: Uint8Array): void {
    for (const socket of this.#sockets.clients) socket.send(bytes);
  }

  dropConnections(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  count(type: MessageToCoordinator['t']): number {
    return this.received.filter(({ t }) => t === type).length;
  }

  async stop(): Promise<void> {
    this.dropConnections();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #connect(socket: WebSocket): void {
    this.connectionCount += 1;
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const decoded = decodeToCoordinator(new Uint8Array(data));
      if (!decoded.ok) throw new Error(`the worker sent a bad frame: ${decoded.reason}`);
      this.received.push(decoded.message);
      for (const reply of this.#answer(decoded.message, socket)) send(socket, reply);
    });
  }

  #answer(message: MessageToCoordinator, socket: WebSocket): MessageToWorker[] {
    switch (message.t) {
      case 'hello':
        return this.#challenge(message, socket);
      case 'prove':
        return [this.#welcome()];
      case 'lease.request':
        return [this.#grant(message)];
      case 'lease.renew': {
        const leases = message.leaseIds.filter((id) => this.leases.has(id));
        const renewed = leases.map((leaseId) => ({ leaseId, durationMs: this.script.durationMs }));
        return [{ t: 'lease.renewed', id: message.id, leases: renewed }];
      }
      case 'lease.return':
        for (const [first, count] of message.ranges)
          for (let index = first; index < first + count; index++) this.waiting.push(index);
        return [{ t: 'ack', id: message.id }];
      case 'receipts':
        return this.#record(message);
      case 'hand.over':
        return this.#takeOver(message);
      case 'custody': {
        const isUploaded = ({ index }: { index: number }) => this.uploads.has(index);
        const released = message.kept.filter(isUploaded);
        const wanted = message.kept.filter((name) => !isUploaded(name));
        return [{ t: 'custody.reply', id: message.id, wanted, released }];
      }
      case 'overlay.find':
        return [{ t: 'overlay.peers', id: message.id, swarm: message.swarm, peers: [] }];
      case 'state':
        return [];
      default:
        return [{ t: 'ack', id: message.id }];
    }
  }

  #challenge(hello: MessageOf<'hello'>, socket: WebSocket): MessageToWorker[] {
    this.#hostKey = hello.hostKey;
    if (this.script.onHello) {
      this.script.onHello(socket);
      return [];
    }
    const payload = { version: 1, workerNonce: hello.nonce, coordinatorNonce: randomBytes(16), protocol: 1 };
    const value = { ...payload, coordinatorNonce: new Uint8Array(payload.coordinatorNonce) };
    const { coordinatorId } = this;
    const envelope = seal(value, { type: 'challenge', coordinatorId }, this.key).slice();
    return [{ t: 'challenge', coordinatorId, envelope }];
  }

  #welcome(): MessageToWorker {
    const hostId = hostIdOf(this.#hostKey);
    const accountId = `acct_${'a'.repeat(52)}` as MessageOf<'welcome'>['accountId'];
    return {
      ...{ t: 'welcome', hostId, accountId, pseudonym: 'calm-otter', accountLabel: null, protocol: 1, features: [] },
      gatewayUrl: this.url,
      overlay: null,
      ...(this.script.isTellingTime && { timeMs: Date.now() }),
    };
  }

  /** Units whose grant was lost with a killed worker, which knows only these, can be leased again; a real coordinator sees their lease end. */
  reissueLost(known: ReadonlySet<number>): void {
    const begun = new Set(this.begun.map(({ index }) => index));
    for (const index of this.batch.inputs.keys()) {
      const isSettled = this.results.has(index) || this.failures.has(index);
      if (!isSettled && !known.has(index) && !begun.has(index) && !this.waiting.includes(index))
        this.waiting.unshift(index);
    }
  }

  /** All leases run out, as when the worker sleeps: what is not reported yet is leased anew to whoever asks. */
  expire(): void {
    for (const { leaseId, ranges } of this.leases.values()) {
      for (const [first, count] of ranges)
        for (let index = first; index < first + count; index++)
          if (!this.results.has(index) && !this.waiting.includes(index)) this.waiting.push(index);
      this.push({ t: 'lease.cancel', leaseId, code: 'MH-LSE-001' });
    }
    this.leases.clear();
  }

  /** Units that nobody has leased are not wanted any more; how many are left. */
  withdraw(): number {
    this.#withdrawnCount = this.waiting.splice(0).length;
    return this.batch.inputs.length - this.#withdrawnCount;
  }

  #grant({ id, maximumUnits }: MessageOf<'lease.request'>): MessageToWorker {
    const begun = this.begun.shift();
    if (begun) {
      const { index, ...how } = begun;
      const lease = this.batch.leaseOf(++this.#leaseCount, index, how);
      this.leases.set(lease.leaseId, lease);
      return { t: 'lease.grant', id, leases: [lease] };
    }
    const indexes = this.waiting.splice(0, Math.min(maximumUnits, this.script.unitsPerLease));
    const openUnitCount = this.batch.inputs.length - this.#withdrawnCount - this.results.size - this.failures.size;
    if (indexes.length === 0)
      return { t: 'lease.later', id, code: 'MH-LTR-001', message: '', retryAfterMs: 300, openUnitCount };
    const ranges = indexes.map((index): [number, number] => [index, 1]);
    const lease = this.batch.lease(++this.#leaseCount, ranges, this.script.durationMs);
    this.leases.set(lease.leaseId, lease);
    return { t: 'lease.grant', id, leases: [lease] };
  }

  #record({ id, envelope, bundles }: MessageOf<'receipts'>): MessageToWorker[] {
    const expected = { schema: receiptSchema, publicKey: this.#hostKey };
    const opened = open(envelope, { type: 'receipt', coordinatorId: this.coordinatorId }, expected);
    if (!opened.ok) throw new Error(`the worker sent a bad receipt: ${opened.reason}`);
    const { leaseId, successes, failures } = opened.value;
    this.receipts.push(opened.value);
    const inline = new Map(bundles);
    const items: MessageOf<'receipts.ack'>['items'] = [];
    for (const [index, digest, , elapsedMs, fuel, markCount, chainRoot] of successes) {
      this.#count(index);
      this.results.set(index, { digest, elapsedMs, fuel, markCount, chainRoot, bundle: inline.get(index) });
      items.push([index, inline.has(index) ? 'settled' : 'recorded', null]);
    }
    for (const failure of failures) {
      this.#count(failure.index);
      if (failure.kind === 'needs-all') this.begun.push({ index: failure.index, build: 'all' });
      else this.failures.set(failure.index, failure);
      items.push([failure.index, 'settled', null]);
    }
    if (!this.script.isAcknowledging) return [];
    const wanted = successes.filter(([index]) => !inline.has(index));
    return [
      // As the real one does, a wish may come before the acknowledgement.
      ...wanted.map(([index, digest]): MessageToWorker => ({ t: 'bundle.wanted', leaseId, index, digest })),
      { t: 'receipts.ack', id, leaseId, items },
    ];
  }

  /** A final hand-over goes to whoever asks next. */
  #takeOver({ id, envelope, key, isFinal }: MessageOf<'hand.over'>): MessageToWorker[] {
    const opened = open(
      envelope,
      { type: 'hand-over', coordinatorId: this.coordinatorId },
      { schema: handOverSchema, publicKey: this.#hostKey },
    );
    if (!opened.ok) throw new Error(`the worker sent a bad hand-over: ${opened.reason}`);
    const { index } = opened.value;
    const handOvers = [...(this.#handOvers.get(index) ?? []), envelope];
    if (isFinal) {
      this.#handOvers.set(index, handOvers);
      this.begun.push({ index, checkpoint: { handOvers, key } });
    }
    return [{ t: 'ack', id }];
  }

  #count(index: number): void {
    this.statementCounts.set(index, (this.statementCounts.get(index) ?? 0) + 1);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const block = /^\/blocks\/(.+)$/.exec(path)?.[1];
    const bytes = block && this.batch.blocks.get(block);
    if (block && bytes) response.end(this.script.onBlock?.(block, bytes) ?? bytes);
    else if (path === '/api/v1/coordinator') json(infoOf(this.url, this.key));
    else if (path.startsWith('/api/v1/projects?name='))
      json([projectOf(this.batch)].filter(({ name }) => path.endsWith(`=${name}`)));
    else if (path.startsWith('/api/v1/projects/')) json(projectOf(this.batch));
    else if (path.startsWith('/api/v1/app-versions/')) json(appVersionOf(this.batch));
    else if (request.method === 'PUT') this.#upload(request, response);
    else if (path.endsWith('/checkpoint')) this.#serveCheckpoint(path, request, response);
    else if (path.startsWith('/api/v1/questions')) json(new ManyhandsError('MH-GEN-003').toObject(), 404);
    else response.writeHead(404).end();
  }

  #serveCheckpoint(path: string, request: IncomingMessage, response: ServerResponse): void {
    const call = { method: 'GET', path, body: new Uint8Array() };
    const checked = checkRequestToken(request.headers.authorization, call, {
      coordinatorId: this.coordinatorId,
      nowMs: Date.now(),
    });
    const index = Number(/units\/(\d+)\/checkpoint$/.exec(path)?.[1]);
    const bytes = this.checkpoints.get(index);
    const isHolder = checked.ok && Buffer.compare(checked.publicKey, this.#hostKey) === 0;
    if (bytes && isHolder) response.end(this.script.onBlock?.('checkpoint', bytes) ?? bytes);
    else response.writeHead(404).end();
  }

  #upload(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = new Uint8Array(Buffer.concat(chunks));
      const call = { method: 'PUT', path: request.url ?? '', body };
      const nowMs = this.script.isClockStuck ? 0 : Date.now();
      const context = { coordinatorId: this.coordinatorId, nowMs };
      const checked = checkRequestToken(request.headers.authorization, call, context);
      const index = Number(/units\/(\d+)\/result$/.exec(call.path)?.[1]);
      if (!checked.ok || Buffer.compare(checked.publicKey, this.#hostKey) !== 0) {
        const code = checked.ok ? 'MH-SIG-004' : checked.code;
        this.refusals.push(code);
        response.writeHead(401).end(JSON.stringify(new ManyhandsError(code).toObject()));
        return;
      }
      const begun = /units\/(\d+)\/checkpoint$/.exec(call.path)?.[1];
      response.writeHead(204).end();
      if (begun !== undefined) {
        this.checkpoints.set(Number(begun), body);
        return;
      }
      this.uploads.set(index, body);
      const [, leaseId] = /leases\/(lease_[a-z2-7]+)\//.exec(call.path) ?? [];
      this.push({ t: 'bundle.released', leaseId: leaseId as Lease['leaseId'], indexes: [index] });
    });
  }
}

function send(socket: WebSocket, message: MessageToWorker): void {
  if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message));
}
