// Where the reference makes NaN values canonical: at every place that could show their bits, and after all arithmetic.

export type Lanes = 'f32' | 'f64' | 'f32x4' | 'f64x2';

const NAN_32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];
const BEFORE = new Map<number, Lanes>([
  ...([0x38, 0xbc, 0x98] as const).map((code) => [code, 'f32'] as const),
  ...([0x39, 0xbd, 0xa6] as const).map((code) => [code, 'f64'] as const),
]);
const BEFORE_VECTOR = new Map<number, Lanes>([
  [19, 'f32'],
  [32, 'f32'],
  [20, 'f64'],
  [34, 'f64'],
]);
const AFTER_VECTOR = new Map<number, Lanes>([
  ...[94, 103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233, 234, 235].map((code) => [code, 'f32x4'] as const),
  ...[95, 116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245, 246, 247].map((code) => [code, 'f64x2'] as const),
]);

/** What is on top of the stack before an instruction that shows its bits. */
export function shownBy([major = 0, minor = 0]: readonly number[]): Lanes | null {
  return (major === 0xfd ? BEFORE_VECTOR.get(minor) : BEFORE.get(major)) ?? null;
}

/** What an arithmetic instruction leaves on top of the stack. */
export function madeBy([major = 0, minor = 0]: readonly number[]): Lanes | null {
  if (major === 0xfd) return AFTER_VECTOR.get(minor) ?? null;
  if ((major >= 0x8d && major <= 0x97) || major === 0xb6) return 'f32';
  return (major >= 0x9b && major <= 0xa5) || major === 0xbb ? 'f64' : null;
}

/** Instructions that replace a NaN on top of the stack, in any lane, by the canonical one; `local` is an encoded index. */
export function canonicalise(lanes: Lanes, local: readonly number[]): number[] {
  const [nan, equal, choose] = {
    f32: [[0x43, ...NAN_32], [0x5b], [0x1b]],
    f64: [[0x44, ...NAN_64], [0x61], [0x1b]],
    f32x4: [
      [0xfd, 12, ...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
      [0xfd, 65],
      [0xfd, 82],
    ],
    f64x2: [
      [0xfd, 12, ...NAN_64, ...NAN_64],
      [0xfd, 71],
      [0xfd, 82],
    ],
  }[lanes] as [number[], number[], number[]];
  return [0x22, ...local, ...nan, 0x20, ...local, 0x20, ...local, ...equal, ...choose];
}
