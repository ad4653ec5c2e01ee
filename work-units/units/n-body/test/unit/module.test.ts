// The compiled modules are what SPEC.md promises to hosts.
import { expect, test } from 'vitest';
import { moduleShape } from '../../../shared/test-support/module-shape.js';
import { nBodyModule, nBodyStepModule } from '../../src/index.js';

const imports = ['args_get', 'args_sizes_get', 'fd_read', 'fd_write', 'proc_exit'].map(
  (name) => `wasi_snapshot_preview1.${name}`,
);

test('the command imports five functions of WASI preview 1, exports memory and _start', () => {
  const exports = ['function _start', 'memory memory'];
  expect(moduleShape(nBodyModule())).toEqual({ imports, exports, hasStart: false });
});

test('the module of steps imports the same and exports memory, _initialize, init, step and finish', () => {
  const exports = ['function _initialize', 'function finish', 'function init', 'function step', 'memory memory'];
  expect(moduleShape(nBodyStepModule())).toEqual({ imports, exports, hasStart: false });
});
