// The hosts that are connected now.
import type { ErrorCode, HostId, MessageToWorker } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { Independence } from './domain/independence.js';

export type HostState = 'working' | 'idle' | 'paused';

/** A host whose handshake is complete. */
export interface HostConnection {
  readonly hostRowId: number;
  readonly hostId: HostId;
  readonly accountRowId: number;
  /** That it comes from, as votes are told apart by; 0: one in which computers are independent of each other. */
  readonly network: number;
  /** Of the worker's process, as base64url; empty for older workers, which do not say. */
  readonly instance: string;
  state: HostState;
  connectedPeers: number;
  /** True after `lease.later`: the host hears of new work. */
  isWaitingForWork: boolean;
  /** It has as many units as it may: it hears when it may have more. */
  isWaitingForRoom: boolean;
  /** Sends unless the connection is closing or its buffer is full; then the message is dropped and the host learns it when it asks. */
  push(message: MessageToWorker): void;
  /** Whether somebody still answers there; asks, and waits a little. */
  isAnswered(): Promise<boolean>;
  /** Tells the host something that is no answer to a request. */
  warn(code: ErrorCode, message: string): void;
  /** Closes with the code of an error. */
  end(code: ErrorCode, message: string): void;
}

@Injectable()
export class Connections {
  private readonly byRow = new Map<number, HostConnection>();
  private readonly independence = new Independence();

  /** The newer connection of a host replaces the older one. Returns the older one. */
  add(connection: HostConnection): HostConnection | undefined {
    const older = this.byRow.get(connection.hostRowId);
    if (older) this.independence.remove(older);
    this.byRow.set(connection.hostRowId, connection);
    this.independence.add(connection);
    return older;
  }

  /** Returns false when a newer connection has taken its place already. */
  remove(connection: HostConnection): boolean {
    if (this.byRow.get(connection.hostRowId) !== connection) return false;
    this.independence.remove(connection);
    return this.byRow.delete(connection.hostRowId);
  }

  get(hostRowId: number): HostConnection | undefined {
    return this.byRow.get(hostRowId);
  }

  byHostId(hostId: string): HostConnection | undefined {
    for (const connection of this.byRow.values()) if (connection.hostId === hostId) return connection;
    return undefined;
  }

  all(): IterableIterator<HostConnection> {
    return this.byRow.values();
  }

  /** Whether the hosts that are here come from too few networks for copies that are to agree. */
  isShortOfNetworks(quorum: number): boolean {
    return this.independence.isShortOfNetworks(quorum);
  }

  get count(): number {
    return this.byRow.size;
  }
}
