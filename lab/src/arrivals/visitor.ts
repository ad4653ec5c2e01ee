// Somebody who looks at an address again and again, each time over a new connection, as a visitor or a monitor does.
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { VISITOR_ADDRESS } from './plan.js';

const PAUSE_MS = 250;
/** Who waits longer has left. */
const PATIENCE_MS = 5000;

export class Visitor {
  readonly tookMs: number[] = [];
  /** What came instead of 200. */
  readonly failures: string[] = [];
  private isStopped = false;
  private going: Promise<void> = Promise.resolve();

  constructor(private readonly url: string) {}

  start(): void {
    this.going = this.go();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.going;
  }

  private async go(): Promise<void> {
    while (!this.isStopped) {
      const beganMs = performance.now();
      const outcome = await look(this.url);
      this.tookMs.push(performance.now() - beganMs);
      if (outcome !== '200') this.failures.push(outcome);
      await sleep(PAUSE_MS);
    }
  }
}

function look(url: string): Promise<string> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const call = request(url, { agent: false, localAddress: VISITOR_ADDRESS, signal }, (answer) => {
      answer.on('error', ({ message }) => resolve(message));
      answer.on('end', () => resolve(String(answer.statusCode)));
      answer.resume();
    });
    call.on('error', ({ message }) => resolve(signal.aborted ? 'no answer in time' : message));
    call.end();
  });
}
