// The call of a unit: common parts first, its own after them, its own file in place of a common one.
import { type ManifestRoot, rawCidOf, type UnitDescriptor, unitCallOf } from '@manyhands/contract';
import { expect, test } from 'vitest';

const file = (name: string, content: string) => ({
  name,
  cid: rawCidOf(new TextEncoder().encode(content)),
  sizeBytes: content.length,
});

test('common and own parts are put together in order', () => {
  const common = {
    programName: 'search',
    args: ['--fast'],
    env: { MODE: 'x' },
    files: [file('table', 'common'), file('shared', 's')],
    collect: ['out'],
    okExitCodes: [0, 10],
    clockMs: 5,
  };
  const unit: UnitDescriptor = { name: '1', args: ['7'], stdin: null, files: [file('table', 'own')] };
  expect(unitCallOf({ common } as unknown as ManifestRoot, unit)).toStrictEqual({
    args: ['search', '--fast', '7'],
    env: { MODE: 'x' },
    stdin: null,
    files: [file('table', 'own'), file('shared', 's')],
    collect: ['out'],
    okExitCodes: [0, 10],
    clockMs: 5,
  });
});
