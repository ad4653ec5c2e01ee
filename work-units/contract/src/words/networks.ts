// What is said of the networks that copies of a unit go to.

/** Why a batch waits, and what its operator can do; null: it does not wait for that. */
export function waitingForNetworkInWords({
  quorum,
  isWaitingForNetwork,
}: {
  quorum: number;
  isWaitingForNetwork?: boolean | undefined;
}): string | null {
  if (!isWaitingForNetwork) return null;
  return `Waiting for somebody on another network: ${quorum} computers on different networks must agree on each unit, and those that are connected come from fewer. If volunteers share one network, the coordinator’s operator can say so with --shared-network ADDRESS/BITS.`;
}

/** Null: there are none. */
export function sharedNetworksInWords(networks: readonly string[] | undefined): string | null {
  if (!networks || networks.length === 0) return null;
  return `Answers that must agree come from different networks. Computers within ${networks.join(', ')} count as independent of each other: several volunteers share ${networks.length > 1 ? 'them' : 'it'}, the operator says.`;
}
