// Results: the digest covers exactly exit code, stdout and files; bundles open only when whole.
import {
  concatBytes,
  describeResult,
  digestResult,
  encodeBundle,
  encodeDagCbor,
  openBundle,
  type ResultRecord,
  rawCidOf,
  readBundleRecord,
  type UnitResult,
  utf8Bytes,
} from '@manyhands/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const result = fc.record<UnitResult>({
  exitCode: fc.nat(255),
  stdout: fc.uint8Array(),
  files: fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), bytes: fc.option(fc.uint8Array(), { nil: null }) }),
    { selector: ({ name }) => name, maxLength: 5 },
  ),
});

test('a bundle opens to its result, whatever the order of files', () => {
  fc.assert(
    fc.property(result, (unit) => {
      const { bundle, digest } = encodeBundle(unit);
      expect(encodeBundle({ ...unit, files: [...unit.files].reverse() }).digest).toEqual(digest);
      const opened = openBundle(bundle, digest);
      expect(opened?.result.exitCode).toBe(unit.exitCode);
      expect(opened?.result.stdout).toEqual(unit.stdout);
      for (const { name, bytes } of unit.files)
        expect(opened?.result.files.find((file) => file.name === name)?.bytes, name).toEqual(bytes);
    }),
  );
});

test('a bundle with a changed, missing or additional byte does not open', () => {
  fc.assert(
    fc.property(result, fc.nat(), fc.integer({ min: 1, max: 255 }), (unit, at, by) => {
      const { bundle, digest } = encodeBundle(unit);
      const changed = bundle.slice();
      const index = at % bundle.length;
      changed[index] = (changed[index] ?? 0) ^ by;
      expect(openBundle(changed, digest)).toBeUndefined();
      expect(openBundle(bundle.subarray(0, bundle.length - 1), digest)).toBeUndefined();
      expect(openBundle(Uint8Array.from([...bundle, 0]), digest)).toBeUndefined();
    }),
  );
});

test('the digest tells a missing file from an empty one and exit codes apart', () => {
  const base: UnitResult = { exitCode: 0, stdout: new Uint8Array(), files: [{ name: 'a', bytes: null }] };
  const hex = (unit: UnitResult): string => Buffer.from(digestResult(describeResult(unit))).toString('hex');
  const digests = [
    base,
    { ...base, files: [{ name: 'a', bytes: new Uint8Array() }] },
    { ...base, files: [] },
    { ...base, exitCode: 10 },
    { ...base, stdout: new Uint8Array(1) },
  ].map(hex);
  expect(new Set(digests).size).toBe(digests.length);
  expect(digests[0]).toBe('c3ec856285b638ce0f04facfc5ad15090608adfbe85ac52f328ca76943e294ab');
});

describe('a result without files', () => {
  const plain = fc.record<UnitResult>({ exitCode: fc.nat(255), stdout: fc.uint8Array(), files: fc.constant([]) });

  test('opens to its record', () => {
    fc.assert(
      fc.property(plain, (unit) => {
        const { bundle, digest, record } = encodeBundle(unit);
        expect(openBundle(bundle, digest)).toEqual({ result: unit, record });
        expect(record).toEqual(readBundleRecord(bundle));
      }),
    );
  });

  test('does not open with another digest, or with a head that is not the one of its bytes', () => {
    const { bundle, digest, record } = encodeBundle({ exitCode: 30, stdout: utf8Bytes('42'), files: [] });
    /** The same bytes under another head; the digest is that of what the head says. */
    const under = (head: unknown, bytes: Uint8Array = encodeDagCbor(head)): Uint8Array =>
      concatBytes(Uint8Array.of(0, 0, 0, bytes.length), bytes, utf8Bytes('42'));
    const opened = (head: ResultRecord): unknown => openBundle(under(head), digestResult(head));
    expect(openBundle(under(record), digest)).toBeDefined();
    expect(
      openBundle(
        bundle,
        digest.map((byte) => byte ^ 1),
      ),
    ).toBeUndefined();
    expect(opened({ ...record, stdout: { ...record.stdout, sizeBytes: 1 } })).toBeUndefined();
    expect(opened({ ...record, stdout: { ...record.stdout, cid: rawCidOf(utf8Bytes('43')) } })).toBeUndefined();
    expect(opened({ ...record, exitCode: 256 + 30 })).toBeUndefined();
    expect(openBundle(under({ ...record, version: 2 }), digest)).toBeUndefined();
    expect(openBundle(under({ ...record, more: 1 }), digest)).toBeUndefined();
    // Two bytes for what fits into one is another encoding of the same value.
    const short = encodeBundle({ exitCode: 5, stdout: utf8Bytes('42'), files: [] });
    const head = encodeDagCbor(short.record);
    const long = concatBytes(head.subarray(0, -1), Uint8Array.of(0x18, 5));
    expect(openBundle(under(null, long), short.digest)).toBeUndefined();
  });

  test('does not open when nothing or too little stands before it', () => {
    for (const bytes of [[], [0], [0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9, 1], [255, 255, 255, 255, 0xa4]])
      expect(openBundle(Uint8Array.from(bytes), new Uint8Array(32)), String(bytes)).toBeUndefined();
  });
});
