// The Lucas-Lehmer test in plain big integers: independent of the unit's transform, and slow.

/** S(iterations) modulo 2^p - 1 with all S on the way, from S(0) = 4. */
function* sequence(p: number, iterations: number): Generator<bigint> {
  const modulus = (1n << BigInt(p)) - 1n;
  let value = 4n;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const square = value * value - 2n;
    value = (square & modulus) + (square >> BigInt(p));
    if (value >= modulus) value -= modulus;
    if (value < 0n) value += modulus;
    yield value;
  }
}

function residueOf(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(16, '0');
}

/** The bytes that SPEC.md demands of the unit. `interval` 0: no residues on the way. */
export function plainOutput(p: number, interval = 0, iterations = p - 2): string {
  const lines = [`#lucas-lehmer/1\t${p}\t${interval}\t${iterations}`];
  let last = 4n;
  let iteration = 0;
  for (last of sequence(p, iterations)) {
    iteration++;
    if (interval > 0 && iteration % interval === 0) lines.push(`${iteration}\t${residueOf(last)}`);
  }
  const verdict = iterations < p - 2 ? 'open' : last === 0n ? 'prime' : 'composite';
  lines.push(`M${p}\t${verdict}\t${residueOf(last)}`, '');
  return lines.join('\n');
}
