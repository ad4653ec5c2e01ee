// Whatever goes wrong gets a documented code; what is ours says nothing about its inside.
import { ManyhandsError } from '@manyhands/contract';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { expect, test } from 'vitest';
import { toManyhandsError } from '../../../src/http/errors.filter.js';

test.each([
  [new ManyhandsError('MH-BLK-001'), 'MH-BLK-001'],
  [new NotFoundException(), 'MH-GEN-003'],
  [new BadRequestException(), 'MH-GEN-002'],
  [Object.assign(new Error('too large'), { statusCode: 413 }), 'MH-GEN-011'],
  [Object.assign(new Error('media type'), { statusCode: 415 }), 'MH-GEN-002'],
  [Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }), 'MH-GEN-010'],
  [Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }), 'MH-GEN-010'],
  [Object.assign(new Error('too many open files'), { code: 'EMFILE' }), 'MH-GEN-014'],
  [Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'MH-GEN-001'],
  [new TypeError('x is undefined'), 'MH-GEN-001'],
  ['a thrown text', 'MH-GEN-001'],
  [null, 'MH-GEN-001'],
])('%s is %s', (exception, code) => {
  expect(toManyhandsError(exception).code).toBe(code);
});
