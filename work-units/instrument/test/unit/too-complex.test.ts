// Modules that are allowed but too much for the tools, or too deep for any stack, are refused with a documented code and soon.
import { describe, expect, test } from 'vitest';
import { buildModule, call, i32 } from '../../../runtime/test/support/wasm-builder.js';
import { buildApp } from '../../src/index.js';

const OPTIONS = { memoryMaximumBytes: 1 << 20, moduleMaximumBytes: 1 << 24 };
const times = (count: number, code: readonly number[]): number[] => Array.from({ length: count }, () => code).flat();

test('a chain of 20,000 functions', async () => {
  const functions = Array.from({ length: 20_000 }, (_, index) => ({ code: index < 19_999 ? call(index + 1) : [] }));
  await expect(buildApp(buildModule({ functions }), OPTIONS)).rejects.toMatchObject({ code: 'MH-MOD-015' });
});

test('an expression of 100,000 operands', async () => {
  const code = [...times(100_000, i32(1)), ...call(1), ...times(99_999, [0x6a]), 0x1a];
  const wasm = buildModule({ functions: [{ code }, { code: [] }] });
  await expect(buildApp(wasm, OPTIONS)).rejects.toMatchObject({ code: expect.stringMatching(/^MH-MOD-01[05]$/) });
});

test.each([
  ['blocks', [0x02, 0x40], [0x0b]],
  ['branches', [...i32(1), 0x04, 0x40], [0x05, 0x0b]],
])(
  '4,000 %s inside one another are fine',
  async (_, open, close) => {
    const code = [...times(4_000, open), ...call(1), ...times(4_000, close)];
    const { builds } = await buildApp(buildModule({ functions: [{ code }, { code: [] }] }), OPTIONS);
    for (const wasm of Object.values(builds)) expect(WebAssembly.validate(new Uint8Array(wasm))).toBe(true);
  },
  60_000,
);

describe('operations inside one another', () => {
  const shapes: [string, (depth: number) => number[]][] = [
    ['of one operand', (depth) => [...i32(0), ...times(depth - 1, [0x45]), 0x1a]],
    ['of two, from the left', (depth) => [...i32(0), ...times(depth - 1, [...i32(1), 0x6a]), 0x1a]],
    ['of two, from the right', (depth) => [...times(depth, i32(1)), ...times(depth - 1, [0x6a]), 0x1a]],
  ];

  test.each(shapes)('%s', async (_, make) => {
    const wasm = (depth: number) => buildModule({ functions: [{ code: make(depth) }] });
    await expect(buildApp(wasm(1_500), OPTIONS)).resolves.toMatchObject({ abi: 'command' });
    await expect(buildApp(wasm(1_501), OPTIONS)).rejects.toMatchObject({
      code: 'MH-MOD-010',
      meta: { reason: 'limit-expressionDepth' },
    });
  });
});
