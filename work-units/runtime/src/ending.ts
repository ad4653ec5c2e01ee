// How a run ended, told from what left the guest: exit, the program's own failure, or this host's failure.
import type { ErrorCode } from '@manyhands/contract';
import { ExitSignal, FailureSignal } from './state/signals.js';

export type Ending =
  | { kind: 'exit'; exitCode: number }
  | { kind: 'failure'; code: ErrorCode; message: string }
  /** The program trapped; what for, the counters of the instance tell. */
  | { kind: 'trap'; message: string }
  | { kind: 'needs-all' }
  | { kind: 'host'; code: ErrorCode; message: string };

/** How engines say that the native stack is used up: V8 and JavaScriptCore a RangeError, SpiderMonkey an InternalError. */
const STACK_OVERFLOW = /call stack|recursion/i;

/** Sorts anything that can be thrown out of an instance. What is not surely the program's doing counts as the host's. */
export function endingOf(error: unknown): Ending {
  if (error instanceof ExitSignal) return { kind: 'exit', exitCode: error.exitCode };
  if (error instanceof FailureSignal) return { kind: 'failure', code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  if (STACK_OVERFLOW.test(message)) return { kind: 'host', code: 'MH-HOST-002', message };
  if (error instanceof WebAssembly.RuntimeError) return { kind: 'trap', message };
  if (error instanceof WebAssembly.LinkError)
    return { kind: 'failure', code: 'MH-UNIT-007', message: `the module does not fit the host ABI: ${message}` };
  if (error instanceof RangeError) return { kind: 'host', code: 'MH-HOST-001', message };
  return { kind: 'host', code: 'MH-HOST-005', message };
}
