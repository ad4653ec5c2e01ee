// A worker's side of the WebSocket without a worker: the handshake, and questions with their answers.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  type AccountBinding,
  type CoordinatorId,
  decodeToWorker,
  encodeMessage,
  type HostId,
  type KeyPair,
  keyPairOfSeed,
  type MessageOf,
  type MessageToCoordinator,
  type MessageToWorker,
} from '@manyhands/contract';
import { WebSocket } from 'ws';
import { HostRecords } from './host-records.js';

/** A request without its id. */
type Request = MessageToCoordinator extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;
type Waiting = { resolve(reply: MessageToWorker): void; reject(error: Error): void };
/** Only these answer what carries no id. */
const OF_HANDSHAKE: readonly string[] = ['challenge', 'welcome', 'refuse', 'error'];

/** `headers`: what it says beside the upgrade, as a proxy would. */
export type BareHostOptions = { localAddress?: string; key?: KeyPair; headers?: Record<string, string> };

export class BareHost {
  readonly key: KeyPair;
  protected readonly records: HostRecords;
  protected readonly socket: WebSocket;
  private readonly waiting = new Map<number, Waiting>();
  private ofHandshake: Waiting | undefined;
  private id = 0;

  constructor(
    url: string,
    protected readonly coordinatorId: CoordinatorId,
    { localAddress, key, headers = {} }: BareHostOptions = {},
  ) {
    this.key = key ?? keyPairOfSeed(new Uint8Array(randomBytes(32)));
    this.records = new HostRecords(coordinatorId, this.key);
    const options = { perMessageDeflate: false, headers, ...(localAddress && { localAddress }) };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/worker`, options);
    this.socket.on('message', (data: Buffer) => this.receive(new Uint8Array(data)));
    this.socket.on('error', () => {});
    this.socket.on('close', (code) => this.end(new Error(`closed with ${code}`)));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get hostId(): HostId {
    return this.records.hostId;
  }

  /** The whole handshake. Rejects when the connection ends first. */
  async greet(binding: AccountBinding = { kind: 'keep' }): Promise<MessageOf<'welcome'> | MessageOf<'refuse'>> {
    await once(this.socket, 'open');
    const challenge = await this.handshake(this.records.hello());
    if (challenge.t === 'refuse') return challenge;
    if (challenge.t !== 'challenge') throw new Error(`no challenge: ${JSON.stringify(challenge)}`);
    const answer = await this.handshake(this.records.prove(challenge, binding));
    if (answer.t !== 'welcome' && answer.t !== 'refuse') throw new Error(`not welcome: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Asks and waits for the answer with the same id. Rejects when the connection ends first. */
  ask(request: Request): Promise<MessageToWorker> {
    const id = ++this.id;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ ...request, id } as MessageToCoordinator, reject);
    });
  }

  close(): void {
    this.socket.terminate();
  }

  private handshake(message: MessageToCoordinator): Promise<MessageToWorker> {
    return new Promise((resolve, reject) => {
      this.ofHandshake = { resolve, reject };
      this.send(message, reject);
    });
  }

  private send(message: MessageToCoordinator, reject: (error: Error) => void): void {
    if (this.isOpen) this.socket.send(encodeMessage(message));
    else reject(new Error('closed'));
  }

  private receive(frame: Uint8Array): void {
    const decoded = decodeToWorker(frame);
    if (!decoded.ok) return;
    const { message } = decoded;
    const id = 'id' in message ? message.id : null;
    if (id !== null) {
      this.waiting.get(id)?.resolve(message);
      this.waiting.delete(id);
    } else if (OF_HANDSHAKE.includes(message.t)) this.ofHandshake?.resolve(message);
  }

  private end(error: Error): void {
    this.ofHandshake?.reject(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
