// Tells a full or failing disk from other faults.

const CODES = /^(ENOSPC|EDQUOT|EIO|EROFS|SQLITE_(FULL|IOERR.*|READONLY.*))$/;

/** Whether an error of the file system or of SQLite means that nothing can be written now. */
export function isDiskTrouble(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CODES.test(code);
}
