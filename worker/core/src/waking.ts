// Waking: the machine slept, for no time of this state's clock. Its leases may be over, its connection dead, and work may have come.
import type { Moment } from './ports.js';
import { type Draft, isOnline } from './state.js';

export function onSlept(draft: Draft, { nowMs }: Moment): void {
  const { connection } = draft;
  if (connection.phase === 'offline' && connection.retryAtMs > nowMs)
    draft.connection = { phase: 'offline', retryAtMs: nowMs };
  if (isOnline(draft)) draft.effects.push({ do: 'probe', connection: draft.connectionNumber });
  for (const [leaseId, held] of draft.leases) draft.leases.set(leaseId, { ...held, renewAtMs: nowMs });
  draft.askAtMs = Math.min(draft.askAtMs, nowMs);
  draft.custodyAtMs = Math.min(draft.custodyAtMs, nowMs);
  // Fetches that broke off with the network say nothing about this host.
  for (const [key, unit] of draft.units)
    if (unit.fetchFailureCount > 0) draft.units.set(key, { ...unit, fetchFailureCount: 0, notBeforeMs: 0 });
}
