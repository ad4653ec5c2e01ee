// Questions to the seed process whether a node answers at an address: each is answered, or fails when the process dies or says nothing in time.
import { ManyhandsError } from '@manyhands/contract';
import type { LookFor } from './seed-messages.js';

/** The process itself gives up after half as long. */
const ANSWER_MAXIMUM_MS = 10_000;

type Waiting = { resolve(isFound: boolean): void; reject(error: unknown): void; timer: NodeJS.Timeout };

export class Looks {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** `send` fails when there is no process. Rejects with MH-GEN-004. */
  ask(whom: Omit<LookFor, 'type' | 'id'>, send: (message: LookFor) => void): Promise<boolean> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id), ANSWER_MAXIMUM_MS).unref();
      this.waiting.set(id, { resolve, reject, timer });
      try {
        send({ type: 'look', id, ...whom });
      } catch {
        this.fail(id);
      }
    });
  }

  answer(id: number, isFound: boolean): void {
    this.take(id)?.resolve(isFound);
  }

  /** The process is gone. */
  failAll(): void {
    for (const id of [...this.waiting.keys()]) this.fail(id);
  }

  private fail(id: number): void {
    this.take(id)?.reject(new ManyhandsError('MH-GEN-004', { message: 'The seed process does not answer.' }));
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
