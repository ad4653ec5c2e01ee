// A copied data folder: two workers with one key. A coordinator lets one of them be connected; an older one lets them push each other off in turns.
import { COPIED_WITHIN_MS, TWIN_BELIEVED_MS } from './constants.js';
import type { Moment, Trouble } from './ports.js';
import type { Draft } from './state.js';

const REMEDY =
  'Run `manyhands worker new-host` on one of the two computers: it then counts as a computer of its own, and keeps the account.';

/** Of the worker that may not connect. */
export const COPIED: Trouble = {
  code: 'MH-WIR-006',
  message: `Another worker is connected with the key of this one: this data folder was copied, and only one of the two can be connected. ${REMEDY}`,
};

/** Of the one that is connected. */
const HAS_TWIN: Trouble = {
  code: 'MH-WIR-006',
  message: `Another worker tries to connect with the key of this one: a copy of this data folder is in use elsewhere. ${REMEDY}`,
};

const REPLACED: Trouble = {
  code: 'MH-WIR-005',
  message: `Another connection took the place of this worker's: it has the same key. If this data folder was copied: ${REMEDY.replace('Run', 'run')}`,
};

/** The coordinator says that another worker tries to connect with this one's key. */
export function onTwin(draft: Draft, { nowMs }: Moment): void {
  if (!draft.twin || draft.twin.untilMs <= nowMs) draft.effects.push({ do: 'warn', trouble: HAS_TWIN });
  draft.twin = { trouble: HAS_TWIN, untilMs: nowMs + TWIN_BELIEVED_MS };
}

/** Another connection took this one's place. Once may be chance (a connection of our own that was thought dead); again is another worker. */
export function onReplaced(draft: Draft, { nowMs }: Moment): Trouble {
  const isAgain = nowMs - draft.replacedAtMs < COPIED_WITHIN_MS;
  draft.replacedAtMs = nowMs;
  return isAgain ? COPIED : REPLACED;
}
