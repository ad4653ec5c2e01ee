// Port: what the core asks of the coordinator's own overlay node.
import type { OverlayNode } from '@manyhands/contract';

export const SEED_PORT = Symbol('SEED_PORT');

export interface SeedPort {
  /** Base address of the block gateway, for workers. */
  gatewayUrl(): string;
  /** The coordinator's own overlay node; null when it runs none. */
  overlay(): OverlayNode | null;
  /** Whether the node with this peer id answers at this address now: one connection, within seconds. Rejects when nobody can look at present. */
  answersAt(whom: { readonly peerId: string; readonly address: string }): Promise<boolean>;
}
