// Standard output, which is the result and bounded, and standard error, of which only the end is kept.
import { contents, resize, writeAt } from '../files/growing-bytes.js';
import { FailureSignal } from '../state/signals.js';
import type { HostState } from './host-state.js';

/** Appends to standard output; ends the run, with nothing appended, when the limit would be crossed. */
export function writeOutput(state: HostState, windows: readonly Uint8Array[], lengthBytes: number): void {
  if (state.stdout.sizeBytes + lengthBytes > state.outputMaximumBytes) throw outputTooLarge(state.outputMaximumBytes);
  writeAt(state.stdout, state.stdout.sizeBytes, windows);
}

export function outputTooLarge(maximumBytes: number): FailureSignal {
  return new FailureSignal(
    'MH-UNIT-003',
    `the output would exceed its limit of ${maximumBytes} bytes; write less, or raise the limit of the app version`,
  );
}

/** Appends to standard error and forgets all but the end; twice the tail is kept so that few writes have to move bytes. */
export function writeError(state: HostState, windows: readonly Uint8Array[]): void {
  const { stderrTail, stderrTailBytes } = state;
  for (const window of windows) {
    writeAt(stderrTail, stderrTail.sizeBytes, [window.subarray(Math.max(0, window.length - stderrTailBytes))]);
    if (stderrTail.sizeBytes <= 2 * stderrTailBytes) continue;
    stderrTail.bytes.copyWithin(0, stderrTail.sizeBytes - stderrTailBytes, stderrTail.sizeBytes);
    resize(stderrTail, stderrTailBytes);
  }
}

/** The end of standard error as text; a character cut in two at the start is left out. */
export function stderrText(state: HostState): string {
  const kept = contents(state.stderrTail);
  let start = Math.max(0, kept.length - state.stderrTailBytes);
  while (start < kept.length && ((kept[start] as number) & 0xc0) === 0x80) start++;
  return new TextDecoder().decode(kept.subarray(start));
}
