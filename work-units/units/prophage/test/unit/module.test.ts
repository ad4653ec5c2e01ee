// The compiled module is what SPEC.md promises to hosts.
import { expect, test } from 'vitest';
import { prophageModule } from '../../src/index.js';

const START_SECTION = 8;
const bytes = prophageModule();

/** The section numbers of a module, in order. */
function sectionsOf(wasm: Uint8Array): number[] {
  const sections: number[] = [];
  let at = 8;
  while (at < wasm.length) {
    sections.push(wasm[at++] ?? -1);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return sections;
}

test('imports six functions of WASI preview 1, exports memory and _start', () => {
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  expect(new Set(imports.map((entry) => entry.module))).toEqual(new Set(['wasi_snapshot_preview1']));
  expect(imports.map((entry) => entry.name).sort()).toEqual([
    'args_get',
    'args_sizes_get',
    'fd_read',
    'fd_write',
    'path_open',
    'proc_exit',
  ]);
  const exports = WebAssembly.Module.exports(module).map((entry) => `${entry.kind} ${entry.name}`);
  expect(exports.sort()).toEqual(['function _start', 'memory memory']);
});

test('has no start section: nothing runs before the host is ready', () => {
  const sections = sectionsOf(bytes);
  expect(sections).toContain(10);
  expect(sections).not.toContain(START_SECTION);
});
