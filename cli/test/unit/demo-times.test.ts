// Where the demo's time went.
import { describe, expect, it } from 'vitest';
import { setupTimes, Times, timeLines } from '../../src/demo/times.js';

describe('times', () => {
  it('are those of the stages, one after the other, with what came before', () => {
    let nowMs = 1000;
    const times = new Times(() => nowMs);
    nowMs = 3500;
    times.end('starting');
    nowMs = 4000;
    times.end('computing');
    expect(times.all([{ what: 'installing', seconds: 27 }])).toEqual([
      { what: 'installing', seconds: 27 },
      { what: 'starting', seconds: 2.5 },
      { what: 'computing', seconds: 0.5 },
    ]);
  });

  it('are a plain table with a sum', () => {
    const lines = timeLines([
      { what: 'installing', seconds: 27.04 },
      { what: 'computing', seconds: 12.5 },
    ]);
    expect(lines).toEqual(['  installing    27.0 s', '  computing     12.5 s', '  all of it     39.5 s']);
  });

  it('take from npm run demo what is well formed, and nothing else', () => {
    expect(setupTimes('[{"what":"installing","seconds":27},{"what":1},null]')).toEqual([
      { what: 'installing', seconds: 27 },
    ]);
    for (const text of [undefined, '', '{}', 'null', '[[]]']) expect(setupTimes(text)).toEqual([]);
  });
});
