// The libraries of the overlay are loaded by those processes alone that take part in it: half of the time in which a process starts.
import type { PeerNodeOptions } from './libp2p-node.js';
import type { PeerNode, PeerNodeDependencies } from './peer-node.js';

/** Starts a node. Rejects with the system's error when it cannot listen. */
export async function startPeerNode(options: PeerNodeOptions, dependencies: PeerNodeDependencies): Promise<PeerNode> {
  const { startLoadedNode } = await import('./peer-node.js');
  return startLoadedNode(options, dependencies);
}
