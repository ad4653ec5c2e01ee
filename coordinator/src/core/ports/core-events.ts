// What happened, told within the process after it is durable.
import { Injectable } from '@nestjs/common';
import type { Aftermath } from '../ports/aftermath.js';

type Listener = (aftermath: Aftermath) => void;

@Injectable()
export class CoreEvents {
  private readonly listeners = new Set<Listener>();

  /** Calls `listener` after each commit that changed units. Returns the way to stop. */
  onCommit(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(aftermath: Aftermath): void {
    for (const listener of this.listeners) listener(aftermath);
  }
}
