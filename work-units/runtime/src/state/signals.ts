// What a host function throws to leave itself: an error number for the guest, or the end of the whole run.
import type { ErrorCode } from '@manyhands/contract';
import type { ErrnoValue } from '../abi/errno.js';

/** Becomes the return value of the import; not an Error, because a guest may cause millions and stacks cost time. */
export class ErrnoSignal {
  constructor(readonly errno: ErrnoValue) {}
}

/** The program called proc_exit. */
export class ExitSignal {
  constructor(readonly exitCode: number) {}
}

/** The program broke a rule at this exact point; nothing of the violating call has happened. */
export class FailureSignal {
  constructor(
    readonly code: ErrorCode,
    readonly message: string,
  ) {}
}

/** Ends the current import with an error number. */
export function fail(errno: ErrnoValue): never {
  throw new ErrnoSignal(errno);
}
