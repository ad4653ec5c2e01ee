// Deterministic sequences for tests.

/** Pseudo-random letters of an alphabet (mulberry32): the same for the same seed everywhere. */
export function randomLetters(seed: number, count: number, alphabet = 'ACGT'): string {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => alphabet[Math.floor(next() * alphabet.length)]).join('');
}

/** A copy with a substitution, an insertion or a deletion at about one letter in `spacing`. */
export function mutated(letters: string, seed: number, spacing: number): string {
  const next = randomNumbers(seed);
  const letter = () => 'ACGT'[Math.floor(next() * 4)] ?? '';
  return [...letters]
    .map((original) => {
      if (next() * spacing >= 1) return original;
      const kind = next();
      return kind < 0.6 ? letter() : kind < 0.8 ? original + letter() : '';
    })
    .join('');
}

export function reverseComplement(letters: string): string {
  const partners: Record<string, string> = { A: 'T', C: 'G', G: 'C', T: 'A' };
  return [...letters]
    .map((letter) => partners[letter] ?? letter)
    .reverse()
    .join('');
}

function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
