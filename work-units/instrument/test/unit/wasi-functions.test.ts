// The validator lets in exactly what the host has: both are compared with one written-out list.
import { expect, test } from 'vitest';
import { WASI_FUNCTIONS as EXPECTED } from '../../../runtime/test/support/wasi-functions.js';
import { buildModule, I32, I64 } from '../../../runtime/test/support/wasm-builder.js';
import { WASI_FUNCTIONS } from '../../src/abi/wasi-functions.js';
import { inspectApp } from '../../src/index.js';

const types = (letters: string): number[] => [...letters].map((letter) => (letter === 'I' ? I64 : I32));

test('all functions of preview 1 may be imported, each with its own type only', () => {
  expect([...WASI_FUNCTIONS.keys()]).toEqual(Object.keys(EXPECTED));
  for (const [name, signature] of Object.entries(EXPECTED)) {
    const [parameters = '', results = ''] = signature.split('->');
    const make = (extra: number[]): Uint8Array =>
      buildModule({
        types: [{ parameters: [...types(parameters), ...extra], results: types(results) }],
        imports: [{ name, type: 1 }],
      });
    expect(inspectApp(make([])).imports).toEqual([name]);
    expect(() => inspectApp(make([I32])), name).toThrow(expect.objectContaining({ code: 'MH-MOD-012' }));
  }
});
