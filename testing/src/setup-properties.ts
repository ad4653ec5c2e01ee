// Before each unit test: its properties get a fixed seed that is its own (fast-check keeps one for the whole process).
import fc from 'fast-check';
import { beforeEach } from 'vitest';
import { seedOf } from './seeds.js';

beforeEach(({ task }) => {
  fc.configureGlobal({ seed: seedOf(task.fullTestName), endOnFailure: true });
});
