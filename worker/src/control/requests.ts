// Requests of the adapters over the shared connection (peers, announcements, statistics): odd ids, so that the core's even ones never meet them.
import { ManyhandsError, type MessageToCoordinator, type MessageToWorker } from '@manyhands/contract';

const TIMEOUT_MS = 10_000;
type Without<M> = M extends unknown ? Omit<M, 'id'> : never;
export type Request = Without<Extract<MessageToCoordinator, { id: number }>>;
type Waiting = { resolve(reply: MessageToWorker): void; reject(error: Error): void; timer: NodeJS.Timeout };

export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** Sends a request through `send` and waits for its answer. Rejects with the code of a refusal, or MH-GEN-004. */
  make(request: Request, send: (message: MessageToCoordinator) => void): Promise<MessageToWorker> {
    const id = this.#nextId;
    this.#nextId = (id + 2) % 2 ** 31;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#take(id)?.reject(new ManyhandsError('MH-GEN-004')), TIMEOUT_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      send({ ...request, id } as MessageToCoordinator);
    });
  }

  /** Takes an answer to one of these requests; true when it was one. */
  onMessage(message: MessageToWorker): boolean {
    if (!('id' in message) || typeof message.id !== 'number' || message.id % 2 === 0) return false;
    const waiting = this.#take(message.id);
    if (message.t === 'error')
      waiting?.reject(ManyhandsError.fromObject({ code: message.code, message: message.message }));
    else waiting?.resolve(message);
    return true;
  }

  /** The connection is gone, and every answer with it. */
  rejectAll(): void {
    for (const id of [...this.#waiting.keys()])
      this.#take(id)?.reject(new ManyhandsError('MH-GEN-005', { message: 'The connection to the coordinator ended.' }));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
