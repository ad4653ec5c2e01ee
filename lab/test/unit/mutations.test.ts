// The list of planted faults fits the sources as they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from '../../src/mutations/list/index.js';
import { countOf, mutated } from '../../src/mutations/mutation.js';

const root = join(import.meta.dirname, '../../..');

describe('the list of mutations', () => {
  it('has twenty of each part, none twice', () => {
    expect(new Set(MUTATIONS.map(({ id }) => id)).size).toBe(60);
    for (const part of ['coordinator', 'cli', 'web']) {
      const ofPart = MUTATIONS.filter(({ file }) => file.startsWith(`${part}/src/`));
      expect(ofPart, part).toHaveLength(20);
      for (const { id } of ofPart) expect(id.startsWith(`${part}-`), id).toBe(true);
    }
  });

  it.each(MUTATIONS)('$id applies exactly once and changes the file', (mutation) => {
    const source = readFileSync(join(root, mutation.file), 'utf8');
    expect(countOf(source, mutation.find)).toBe(1);
    expect(mutated(source, mutation)).not.toBe(source);
  });
});

describe('mutated', () => {
  const mutation = { id: 'a', file: 'a.ts', find: 'x + 1', replace: '$&$1', about: 'nothing' };

  it('takes the replacement as it stands', () => {
    expect(mutated('const y = x + 1;', mutation)).toBe('const y = $&$1;');
  });

  it('refuses a text that is not there once', () => {
    expect(() => mutated('const y = x;', mutation)).toThrow('0 times');
    expect(() => mutated('x + 1; x + 1', mutation)).toThrow('2 times');
    expect(() => mutated('const y = x + 1;', { ...mutation, replace: 'x + 1' })).toThrow('nothing would change');
  });
});
