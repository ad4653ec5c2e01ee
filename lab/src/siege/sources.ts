// Where everybody comes from: addresses of 127.0.0.0/8, of which every /24 is a network.

export type From = 'one' | 'many';

const NETWORKS = 64;
/** All hosts of the crew. */
export const CREW_ADDRESS = '127.0.9.9';
/** The real workers: votes count when they come from different networks. */
export const WORKER_ADDRESSES = ['127.0.1.1', '127.0.2.1'] as const;
export const PROBE_ADDRESS = '127.0.11.1';

/** Those whose joins are timed. */
export function newcomerAddress(index: number): string {
  return `127.0.12.${index + 1}`;
}

/** The addresses of the attacker. */
export function sourcesOf(from: From): string[] {
  if (from === 'one') return ['127.0.5.1'];
  return Array.from({ length: NETWORKS }, (_, network) => `127.5.${network}.1`);
}
