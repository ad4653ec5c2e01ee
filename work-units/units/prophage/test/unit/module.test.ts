// The compiled module is what SPEC.md promises to hosts.
import { expect, test } from 'vitest';
import { moduleShape } from '../../../shared/test-support/module-shape.js';
import { prophageModule } from '../../src/index.js';

test('imports six functions of WASI preview 1, exports memory and _start; nothing runs before the host is ready', () => {
  const functions = ['args_get', 'args_sizes_get', 'fd_read', 'fd_write', 'path_open', 'proc_exit'];
  expect(moduleShape(prophageModule())).toEqual({
    imports: functions.map((name) => `wasi_snapshot_preview1.${name}`),
    exports: ['function _start', 'memory memory'],
    hasStart: false,
  });
});
