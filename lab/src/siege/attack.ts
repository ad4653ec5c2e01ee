// What an attack is, and what it works with.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bounds, Target } from './messages.js';
import type { Place } from './strangers.js';

export type Attack = {
  /** As `--only` names it. */
  name: string;
  /** One line. */
  about: string;
  /** Whether anybody may create a project there; else the operator has to approve it. */
  isOpen?: boolean;
  /** Whether an honest program is checked meanwhile. */
  hasCheck?: boolean;
  /** Goes on until `siege.isOver()`; gives up what it holds by itself when the process ends. */
  run(siege: Siege): Promise<void>;
};

export type SiegeOptions = { target: Target; sources: readonly string[]; bounds: Bounds };

export class Siege {
  requests = 0;
  readonly notes: Record<string, number> = {};
  private hasEnded = false;

  constructor(private readonly options: SiegeOptions) {}

  get target(): Target {
    return this.options.target;
  }

  get sources(): readonly string[] {
    return this.options.sources;
  }

  get socketsMaximum(): number {
    return this.options.bounds.socketsMaximum;
  }

  isOver(): boolean {
    return this.hasEnded;
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Counts one hostile request before it is made; false when there were enough, or it is over. */
  mayGoOn(): boolean {
    if (this.hasEnded || this.requests >= this.options.bounds.requestsMaximum) return false;
    this.requests++;
    return true;
  }

  note(name: string, value = 1): void {
    this.notes[name] = (this.notes[name] ?? 0) + value;
  }

  /** The address of the attacker for its so many-th deed. */
  addressOf(index: number): string {
    return this.sources[index % this.sources.length] as string;
  }

  at(url: string, index: number): Place {
    return { url, localAddress: this.addressOf(index) };
  }

  /** Does the deed over and over in so many lanes, each deed counted, until it is over or enough. */
  async lanes(count: number, deed: (index: number) => Promise<unknown>): Promise<void> {
    let index = 0;
    const lane = async (): Promise<void> => {
      while (this.mayGoOn()) await deed(index++).catch(() => this.note('ended early'));
    };
    await Promise.all(Array.from({ length: count }, lane));
  }

  /** Waits a while, in a way that ends with the siege soon enough. */
  pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds);
  }
}
