// Names of units: what collides on some file system is refused before submission.
import { describe, expect, test } from 'vitest';
import { nameTrouble, UnitNames } from '../../src/submit/unit-names.js';

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

  test.each<[string, string, string, boolean?]>([
    ['255 bytes', 'x'.repeat(255), 'accepted'],
    ['256 bytes', 'x'.repeat(256), 'MH-GEN-009'],
    ['254 bytes with collected files', `${'x'.repeat(254)}`, 'MH-GEN-009', true],
    ['253 bytes with collected files', `${'x'.repeat(253)}`, 'accepted', true],
    ['63 letters of four bytes', '\u{1f9ec}'.repeat(63), 'accepted'],
    ['64 letters of four bytes', '\u{1f9ec}'.repeat(64), 'MH-GEN-009'],
    ['128 letters of two bytes', '\u00e9'.repeat(128), 'MH-GEN-009'],
    ['a long folder', `${'\u00e9'.repeat(128)}/a`, 'MH-GEN-009'],
    ['half of a surrogate pair', 'a\ud83e', 'MH-GEN-009'],
  ])('%s', (_title, name, end, hasCollectedFiles = false) => {
    expect(codeOf([name], hasCollectedFiles)).toBe(end);
  });

  test('says which character is wrong, and where', () => {
    const trouble = (name: string): string | undefined => nameTrouble(name);
    expect(trouble('a\nb')).toBe('it has the control character U+000A as character 2');
    expect(trouble('\u{1f9ec}\\')).toBe('it has a backslash as character 2');
    expect(trouble('x'.repeat(256))).toBe('it has 256 bytes, and file systems take 255');
    expect(trouble('a/../b')).toContain('".."');
  });

  test.each(['', '/a', 'a//b', '../a', 'a/./b', 'a\\b', 'a\nb', 'x'.repeat(256)])('%j is no name', (name) => {
    expect(codeOf([name])).toBe('MH-GEN-009');
  });
});
