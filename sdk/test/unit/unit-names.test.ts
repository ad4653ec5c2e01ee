// Names of units: what collides on some file system is refused before submission.
import { describe, expect, test } from 'vitest';
import { UnitNames } from '../../src/submit/unit-names.js';

function codeOf(names: readonly string[], hasCollectedFiles = false): string {
  const known = new UnitNames({ hasCollectedFiles });
  try {
    for (const name of names) known.add(name);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('names of units', () => {
  test.each([
    ['the same twice', ['a.txt', 'b.txt', 'a.txt']],
    ['upper and lower case', ['Readme', 'README']],
    ['Unicode forms', ['caf\u00e9', 'cafe\u0301']],
    ['a file and a folder', ['a', 'a/b']],
    ['a folder and a file', ['a/b', 'a']],
    ['a folder and a file of other case', ['A/b', 'a']],
    ['a file far above', ['a', 'a/b/c/d']],
  ])('%s collide', (_title, names) => {
    expect(codeOf(names)).toBe('MH-BAT-006');
  });

  test.each([
    ['a unit named like the folder of another', ['a', 'a.d']],
    ['a unit inside the folder of another', ['a', 'a.d/x']],
    ['the same, in the other order', ['a.d/x', 'a']],
    ['the same, far below', ['b/a', 'b/a.d/x/y']],
  ])('with collected files, %s collides', (_title, names) => {
    expect(codeOf(names, true)).toBe('MH-BAT-006');
    expect(codeOf(names, false)).toBe('accepted');
  });

  test('different names are accepted', () => {
    expect(codeOf(['a', 'b', 'c/a', 'c/b', 'a.txt', 'a.txt.old', 'd/c/a'], true)).toBe('accepted');
  });

  test.each(['', '/a', 'a//b', '../a', 'a/./b', 'a\\b', 'a\nb', 'x'.repeat(256)])('%j is no name', (name) => {
    expect(codeOf([name])).toBe('MH-GEN-009');
  });
});
