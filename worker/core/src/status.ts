// Why the worker does what it does, in one line: what, why, what next.
import { keptResults } from './custody.js';
import type { Trouble } from './ports.js';
import { unacknowledgedCount } from './results.js';
import { runningCount, type WorkerState } from './state.js';

export type StatusWord = 'connecting' | 'offline' | 'working' | 'fetching' | 'waiting' | 'paused' | 'leaving' | 'ended';

export type CoreStatus = {
  state: StatusWord;
  /** One sentence or two for people. */
  line: string;
  /** The documented code behind the state, if there is one. */
  code: string | null;
  /** Why there is no connection, whatever else the state says; or what the owner must know of the connection that there is. */
  trouble: Trouble | null;
  runningUnits: number;
  heldUnits: number;
  unacknowledgedResults: number;
  keptBundles: number;
  openUnitCount: number | null;
};

/** Describes a state at a time. */
export function describe(state: WorkerState, nowMs: number): CoreStatus {
  const runningUnits = runningCount(state);
  return {
    ...withUploads(say(state, { nowMs, runningUnits }), state),
    trouble: troubleOf(state, nowMs),
    runningUnits,
    heldUnits: state.units.size,
    unacknowledgedResults: unacknowledgedCount(state),
    keptBundles: keptResults(state).length,
    openUnitCount: state.later?.openUnitCount ?? null,
  };
}

function troubleOf({ connection, lastTrouble, twin, ended }: WorkerState, nowMs: number): Trouble | null {
  if (ended) return null;
  if (connection.phase !== 'online') return lastTrouble;
  return twin && twin.untilMs > nowMs ? twin.trouble : null;
}

type Said = Pick<CoreStatus, 'state' | 'line' | 'code'>;

/** Results that cannot be uploaded are no reason to stop, but their owner must know why they wait. */
function withUploads(said: Said, { uploadTrouble, callTrouble, connection, leaving, ended }: WorkerState): Said {
  if (!uploadTrouble || callTrouble || connection.phase !== 'online' || leaving || ended) return said;
  const { code, message } = uploadTrouble;
  const line = `${said.line} Finished results wait here, because they can't be uploaded: ${message} I'll go on trying.`;
  return { ...said, line, code: said.code ?? code };
}

function say(state: WorkerState, now: { nowMs: number; runningUnits: number }): Said {
  if (state.ended) return { state: 'ended', line: capital(`${state.ended.reason}.`), code: state.ended.code };
  if (state.leaving) return sayLeaving(state);
  if (state.pauses.size > 0) return sayPaused(state, now.runningUnits);
  if (state.connection.phase !== 'online') return sayOffline(state, now);
  if (state.reportsHeld) return sayHeld(state.reportsHeld, now);
  if (state.callTrouble) return sayRefused(state.callTrouble.code, now.runningUnits);
  if (now.runningUnits > 0) return sayWorking(state, now.runningUnits);
  if (state.units.size > 0) return sayFetching(state);
  return sayWaiting(state, now.nowMs);
}

function sayLeaving({ units: held }: WorkerState): Said {
  const handed =
    held.size > 0
      ? ` ${capital(checkpoints(held.size))} on the way to ${held.size === 1 ? 'its successor' : 'their successors'}.`
      : '';
  return { state: 'leaving', line: `I’m leaving, and hand over what is done.${handed}`, code: null };
}

function sayWorking(state: WorkerState, runningUnits: number): Said {
  let resuming = 0;
  for (const { isResuming } of state.units.values()) if (isResuming) resuming += 1;
  const how = resuming > 0 ? `, resuming ${units(resuming)} from ${checkpointsOf(resuming)}` : '';
  return { state: 'working', line: `Working: ${units(runningUnits)} on ${cores(state)}${how}.`, code: null };
}

function sayPaused({ pauses, units: held }: WorkerState, runningUnits: number): Said {
  let begun = 0;
  for (const { hasSnapshot } of held.values()) if (hasSnapshot) begun += 1;
  const kept = begun > 0 ? ` ${capital(units(begun))} will continue from ${checkpointsOf(begun)}.` : '';
  const finishing = runningUnits > 0 ? ` ${capital(units(runningUnits))} will stop in a moment.` : kept;
  const lines = [];
  if (pauses.has('user')) lines.push("Paused: you asked me to. I'll continue after `manyhands worker resume`.");
  else if (pauses.has('battery')) lines.push("Paused: on battery. I'll continue when this computer is plugged in.");
  else lines.push("Paused: the disk space that I may use is full. I'll continue when there is room again.");
  return { state: 'paused', line: lines.join(' ') + finishing, code: pauses.has('disk') ? 'MH-GEN-010' : null };
}

function sayOffline(state: WorkerState, { nowMs, runningUnits }: { nowMs: number; runningUnits: number }): Said {
  const { connection, offlineSinceMs, lastTrouble, failureCount } = state;
  const code = lastTrouble?.code ?? null;
  if (failureCount === 0) return { state: 'connecting', line: 'Connecting to the coordinator.', code };
  const since = offlineSinceMs === null ? '' : ` for ${span(nowMs - offlineSinceMs)}`;
  const next =
    connection.phase === 'offline' ? `I'll try again in ${span(connection.retryAtMs - nowMs)}` : "I'm trying now";
  const working = runningUnits > 0 ? ` Meanwhile I continue with ${units(runningUnits)}.` : '';
  const cause = lastTrouble ?? { message: 'There is no connection to the coordinator.' };
  const line = `${cause.message} Offline${since}; finished work is safe here, ${next}.${working}`;
  return { state: 'offline', line, code };
}

function sayRefused(code: string, runningUnits: number): Said {
  const why =
    code === 'MH-SIG-005'
      ? 'the coordinator finds this computer’s clock wrong. Please set it;'
      : 'the coordinator does not accept this computer’s signature;';
  const line = `Can't hand in finished work: ${why} until then I keep it safe, try again, and take no new units.`;
  return { state: runningUnits > 0 ? 'working' : 'waiting', line, code };
}

function sayHeld(held: NonNullable<WorkerState['reportsHeld']>, now: { nowMs: number; runningUnits: number }): Said {
  const when = held.untilMs > now.nowMs ? `in ${span(held.untilMs - now.nowMs)}` : 'now';
  const line = `Finished results wait here: nobody has confirmed the last ones of this computer yet. I keep them safe, hand them in ${when}, and take no new units until then.`;
  return { state: now.runningUnits > 0 ? 'working' : 'waiting', line, code: held.code };
}

function sayFetching(state: WorkerState): Said {
  let begun = 0;
  for (const { hasSnapshot } of state.units.values()) if (hasSnapshot) begun += 1;
  for (const { fetchFailureCount } of state.units.values())
    if (fetchFailureCount > 0)
      return {
        state: 'fetching',
        line: 'Fetching again what the next units need: the first try failed.',
        code: 'MH-BLK-003',
      };
  if (begun > 0)
    return { state: 'fetching', line: `Resuming ${units(begun)} from ${checkpointsOf(begun)}.`, code: null };
  return { state: 'fetching', line: 'Fetching what the next units need.', code: null };
}

const REASONS: Readonly<Record<string, string>> = {
  'MH-RCP-006': 'Waiting: nobody has confirmed my last results yet.',
  'MH-LTR-001': 'There is no open work on this coordinator.',
  'MH-LTR-002':
    'Waiting for a host of another account on another network: the open units need a second, independent computer.',
  'MH-LTR-003': 'Waiting: the open units need more memory than I may use (see --memory).',
  'MH-LTR-004': 'Waiting: the open units would take longer than I have time for.',
  'MH-LTR-005': 'Waiting: the coordinator is short of disk space and gives out no new work.',
  'MH-LTR-006': 'Waiting: I hold as many units as I may; results that agree with others make it more.',
  'MH-LTR-007': 'Waiting: units failed here too often lately, so I get new ones slowly.',
  'MH-LTR-008': 'Waiting: a lease of mine ran out, so I get one unit, and twice as many with each result.',
};

const NO_CHOSEN_WORK = 'There is no open work in the projects that you chose.';

function sayWaiting({ later, askAtMs, options }: WorkerState, nowMs: number): Said {
  if (!later) return { state: 'waiting', line: 'Asking for work.', code: null };
  const isChosen = later.code === 'MH-LTR-001' && options.projectIds !== null;
  const reason = isChosen ? NO_CHOSEN_WORK : (REASONS[later.code] ?? 'Nothing to do right now.');
  return { state: 'waiting', line: `${reason} I'll ask again in ${span(askAtMs - nowMs)}.`, code: later.code };
}

function units(count: number): string {
  return count === 1 ? '1 unit' : `${count} units`;
}

function checkpoints(count: number): string {
  return count === 1 ? '1 checkpoint is' : `${count} checkpoints are`;
}

/** «its checkpoint» of one unit, «their checkpoints» of several. */
function checkpointsOf(count: number): string {
  return count === 1 ? 'its checkpoint' : 'their checkpoints';
}

function cores({ options }: WorkerState): string {
  return options.cores === 1 ? '1 core' : `${options.cores} cores`;
}

/** A span of time in words, rounded up. */
function span(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
