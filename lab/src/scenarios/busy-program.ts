// A WASI program of a few bytes that counts for a moment and ends well: enough to be a unit, so that only the shared input matters.

const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
const section = (id: number, body: number[]): number[] => [id, body.length, ...body];

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = rest === 0 && (low & 0x40) === 0;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** The module; `rounds` is how far it counts. */
export function busyProgram(rounds: number): Uint8Array {
  // local i64; loop: local += 1; if local < rounds: again
  const loop = [0x03, 0x40, 0x20, 0, 0x42, 1, 0x7c, 0x22, 0, 0x42, ...leb128(rounds), 0x54, 0x0d, 0, 0x0b];
  const code = [1, 1, 0x7e, ...loop, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]), // type: no parameters, no results
    ...section(3, [1, 0]), // one function of it
    ...section(5, [1, 1, 1, 1]), // a memory of one page
    ...section(7, [2, ...name('memory'), 2, 0, ...name('_start'), 0, 0]),
    ...section(10, [1, code.length, ...code]),
  ]);
}
