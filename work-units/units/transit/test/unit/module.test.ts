// The compiled module is what SPEC.md promises to hosts.
import { expect, test } from 'vitest';
import { moduleShape } from '../../../shared/test-support/module-shape.js';
import { transitModule } from '../../src/index.js';

test('imports five functions of WASI preview 1, exports memory and _start, has no start section', () => {
  const names = ['args_get', 'args_sizes_get', 'fd_read', 'fd_write', 'proc_exit'];
  expect(moduleShape(transitModule())).toEqual({
    imports: names.map((name) => `wasi_snapshot_preview1.${name}`),
    exports: ['function _start', 'memory memory'],
    hasStart: false,
  });
});
