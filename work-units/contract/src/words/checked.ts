// What it means that a batch is unverified. A quorum that is raised does not reach back to the units that were accepted before.

/** "one computer a unit", "one computer for the units accepted before its quorum was raised"; null: every result was checked. */
export function uncheckedInWords({ quorum, isVerified }: { quorum: number; isVerified: boolean }): string | null {
  if (isVerified) return null;
  return quorum > 1 ? 'one computer for the units accepted before its quorum was raised' : 'one computer a unit';
}
