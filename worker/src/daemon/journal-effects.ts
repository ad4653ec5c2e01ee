// What the core wants remembered, written to the journal.
import type { WorkerEffect } from '@manyhands/worker-core';
import type { Journal } from '../journal/journal.js';

type JournalEffect = Extract<
  WorkerEffect,
  { do: 'record-lease' | 'drop-units' | 'record-failure' | 'copy-result' | 'keep-result' | 'delete-result' }
>;

/** Whether an effect changes the journal and nothing else. */
export function isForJournal(effect: WorkerEffect): effect is JournalEffect {
  return /^(record-lease|drop-units|record-failure|copy-result|keep-result|delete-result)$/.test(effect.do);
}

/** Writes all of them in one commit, before any message can speak of them. Throws when the disk does not take it: then none is written. */
export function rememberAll(journal: Journal, effects: readonly WorkerEffect[]): void {
  const toJournal = effects.filter((effect) => isForJournal(effect));
  if (toJournal.length > 0)
    journal.together(() => {
      for (const effect of toJournal) remember(journal, effect);
    });
}

function remember(journal: Journal, effect: JournalEffect): void {
  switch (effect.do) {
    case 'record-lease':
      journal.recordLease(effect.lease);
      break;
    case 'drop-units':
      journal.dropUnits(effect.leaseId, effect.indexes, effect);
      break;
    case 'record-failure':
      journal.recordFailure(effect.unit, effect.failure);
      break;
    case 'copy-result':
      journal.copyResult(effect.from, effect.to);
      break;
    case 'keep-result':
      journal.keepResult(effect.unit);
      break;
    case 'delete-result':
      journal.deleteResult(effect.unit);
      break;
  }
}
