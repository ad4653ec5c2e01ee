// The compiled module is what SPEC.md promises to hosts.
import { expect, test } from 'vitest';
import { moduleShape } from '../../../shared/test-support/module-shape.js';
import { lucasLehmerModule } from '../../src/index.js';

test('imports four functions of WASI preview 1, exports memory and _start, has no start section', () => {
  expect(moduleShape(lucasLehmerModule())).toEqual({
    imports: ['args_get', 'args_sizes_get', 'fd_write', 'proc_exit'].map((name) => `wasi_snapshot_preview1.${name}`),
    exports: ['function _start', 'memory memory'],
    hasStart: false,
  });
});
