// Snapshots of hostile hosts: refused with a documented code, or another state, which its hash shows; never a way out.
import { isManyhandsError } from '@manyhands/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_UNIT_LIMITS, type MachineOptions, UnitMachine } from '../../src/index.js';
import { forge, type Head, openForged } from '../support/forged.js';
import { unitInput } from '../support/guest.js';
import { type Prepared, prepare, runMachine, runOptions } from '../support/machine.js';
import { BUSY_INPUT, busyProgram } from '../support/programs.js';

const input = unitInput({ ...BUSY_INPUT, fuelMaximum: 1_000_000 });
let busy: Prepared;
let honest: UnitMachine;
let snapshot: Uint8Array;

beforeAll(async () => {
  busy = await prepare(busyProgram(60), 1024 * 1024);
  honest = UnitMachine.start(busy.nonleaf, input, runOptions('nonleaf'));
  while (honest.markCount < 3) honest.runSlice(2 ** 40);
  honest.runSlice(5000);
  snapshot = honest.snapshot();
});

const resume = (bytes: Uint8Array, changes: Partial<MachineOptions> = {}, unit = input): UnitMachine =>
  UnitMachine.start(busy.nonleaf, unit, runOptions('nonleaf', { snapshot: bytes, ...changes }));
const refused = (code: string): unknown => expect.objectContaining({ name: 'ManyhandsError', code });
const word = (value: bigint): Uint8Array => new Uint8Array(new BigUint64Array([value]).buffer);

/** The first node or descriptor of that kind. */
const find = (list: (unknown[] | null)[], kind: string): unknown[] =>
  list.find((item) => item?.[0] === kind) as unknown[];
const nodes = (head: Head): unknown[][] => head.host[3];
const root = (head: Head): unknown[] => find(nodes(head), 'folder');
const entries = (head: Head): unknown[] => root(head)[5] as unknown[];
const descriptors = (head: Head): (unknown[] | null)[] => head.host[4];

describe('refused', () => {
  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['nothing', () => new Uint8Array(0)],
    ['seven bytes', (bytes) => bytes.slice(0, 7)],
    ['another magic number', (bytes) => bytes.with(0, 0)],
    ['half', (bytes) => bytes.slice(0, bytes.length / 2)],
    ['one byte less', (bytes) => bytes.slice(0, -1)],
    ['one byte more', (bytes) => Uint8Array.from([...bytes, 0])],
    ['a head longer than everything', (bytes) => bytes.with(4, 255)],
    [
      'a head that is not a map',
      (bytes) => Uint8Array.from([...bytes.slice(0, 4), 0, 0, 0, 1, 0x80, ...bytes.slice(9)]),
    ],
  ])('MH-CKP-001: %s', (_, change) => {
    expect(() => resume(change(snapshot))).toThrow(refused('MH-CKP-001') as Error);
  });

  test.each<[string, (head: Head) => void]>([
    ['another version', (head) => Object.assign(head, { version: 2 })],
    ['something more', (head) => Object.assign(head, { extra: 1 })],
    ['something less', (head) => Reflect.deleteProperty(head, 'stack')],
    ['negative fuel', (head) => Object.assign(head, { fuel: -1 })],
    ['fuel as text', (head) => Object.assign(head, { fuel: '5' })],
    ['half a link', (head) => Object.assign(head, { links: head.links.slice(1) })],
    [
      'memory above the maximum',
      (head) => Object.assign(head, { memorySizeBytes: DEFAULT_UNIT_LIMITS.memoryMaximumBytes + 65_536 }),
    ],
    ['memory of the whole address space', (head) => Object.assign(head, { memorySizeBytes: 2 ** 32 })],
    [
      'memory above the maximum of the module',
      (head) => Object.assign(head, { memorySizeBytes: 17 * 65_536, filledPages: new Uint8Array(34) }),
    ],
    [
      'memory below the minimum of the module',
      (head) => Object.assign(head, { memorySizeBytes: 0, filledPages: new Uint8Array(0) }),
    ],
    ['memory of half a page', (head) => Object.assign(head, { memorySizeBytes: head.memorySizeBytes + 4096 })],
    ['a map of other pages', (head) => Object.assign(head, { filledPages: head.filledPages.slice(1) })],
    ['more pages than there are', (head) => head.filledPages.fill(255)],
    ['globals missing', (head) => Object.assign(head, { globals: head.globals.slice(8) })],
    ['a global too many', (head) => Object.assign(head, { globals: new Uint8Array([...head.globals, ...word(0n)]) })],
    ['a global that is no number of its type', (head) => head.globals.set(word(0x3ff8_0000_0000_0001n), 16)],
    ['a NaN that is not the canonical one', (head) => head.globals.set(word(0x7ff0_0000_0000_0001n), 8)],
    ['more depth than the module allows', (head) => Object.assign(head, { depth: 2 ** 40 })],
    ['a stack that does not fit', (head) => Object.assign(head, { stack: new Uint8Array(100 * 65_536) })],
    ['suspended without a stack', (head) => Object.assign(head, { stack: new Uint8Array(0) })],
    ['not begun, with a stack', (head) => Object.assign(head, { phase: 0 })],
    ['a phase of step programs', (head) => Object.assign(head, { phase: 2 })],
  ])('MH-CKP-001: %s', (_, edit) => {
    const unit = unitInput({ ...BUSY_INPUT, fuelMaximum: 1_000_000 });
    expect(() => resume(forge(snapshot, edit), {}, unit)).toThrow(refused('MH-CKP-001') as Error);
  });

  test('MH-CKP-002: another unit, module, build or spacing', () => {
    for (const change of [{ moduleCid: 'x' }, { markSpacing: 20_001 }] as const)
      expect(() => resume(snapshot, change)).toThrow(refused('MH-CKP-002') as Error);
    for (const change of [{ args: [] }, { seed: new Uint8Array(1) }, { stdin: new Uint8Array(1) }])
      expect(() => resume(snapshot, {}, { ...input, ...change })).toThrow(refused('MH-CKP-002') as Error);
    expect(() => UnitMachine.start(busy.all, input, runOptions('all', { snapshot }))).toThrow(
      refused('MH-CKP-002') as Error,
    );
  });

  test.each<[string, (head: Head) => void]>([
    ['fuel above the limit', (head) => Object.assign(head, { fuel: 1_000_001 })],
    ['more marks than the fuel allows', (head) => Object.assign(head, { fuel: 59_999 })],
    ['a link too many', (head) => Object.assign(head, { links: new Uint8Array(head.links.length + 320) })],
  ])('MH-CKP-003: %s', (_, edit) => {
    expect(() => resume(forge(snapshot, edit))).toThrow(refused('MH-CKP-003') as Error);
  });

  test.each<[string, (head: Head) => void]>([
    ['more randomness than fuel pays for', (head) => (head.host[0] = head.fuel + 1)],
    ['stdout above its limit', (head) => (head.host[1] = DEFAULT_UNIT_LIMITS.outputMaximumBytes + 1)],
    ['stderr above its limit', (head) => (head.stderrSizeBytes = 2 * DEFAULT_UNIT_LIMITS.stderrTailBytes + 1)],
    ['a state of another shape', (head) => head.host.push(0)],
    ['no nodes', (head) => (head.host[3] = [])],
    ['nodes out of order', (head) => nodes(head).reverse()],
    ['an inode twice', (head) => nodes(head).push(nodes(head)[1] as unknown[])],
    ['an inode of the future', (head) => (head.host[2] = 2)],
    ['a node of no kind', (head) => (root(head)[0] = 'link')],
    ['a node with too much', (head) => root(head).push(0)],
    ['a time that is no word', (head) => (root(head)[2] = new Uint8Array(9))],
    ['a root with a parent', (head) => (root(head)[4] = 2)],
    ['a file above the limit', (head) => (find(nodes(head), 'file')[4] = 2 ** 40)],
    ['an input that does not exist', (head) => (find(nodes(head), 'file')[4] = ['input', 77])],
    ['a reference to something else', (head) => (find(nodes(head), 'file')[4] = ['path', 2])],
    ['a name that leads out', (head) => ((entries(head)[0] as unknown[])[0] = '../up')],
    ['a name of a byte too many', (head) => ((entries(head)[0] as unknown[])[0] = 'x'.repeat(256))],
    ['an empty name', (head) => ((entries(head)[0] as unknown[])[0] = '')],
    ['entries out of order', (head) => entries(head).reverse()],
    ['an entry that names nothing', (head) => ((entries(head)[0] as unknown[])[1] = 4999)],
    ['the root inside itself', (head) => entries(head).push(['zzz', 1])],
    ['a node with two names', (head) => entries(head).push(['zzz', (entries(head)[0] as unknown[])[1]])],
    [
      'a node that nothing holds',
      (head) => {
        entries(head).length = 0;
        descriptors(head).length = 4;
      },
    ],
    [
      'more descriptors than the limit',
      (head) => {
        for (let fd = 0; fd < 200; fd++) descriptors(head).push(descriptors(head)[1] as unknown[]);
      },
    ],
    ['a closed descriptor at the end', (head) => descriptors(head).push(null)],
    ['a descriptor of no kind', (head) => ((descriptors(head)[0] as unknown[])[0] = 'socket')],
    [
      'a descriptor with rights that files do not have',
      (head) => (find(descriptors(head), 'file')[2] = word(1n << 40n)),
    ],
    ['a stream that can be read', (head) => (find(descriptors(head), 'stream')[2] = word(2n))],
    ['a folder that passes on everything', (head) => (find(descriptors(head), 'folder')[3] = word(2n ** 64n - 1n))],
    ['flags that do not exist', (head) => (find(descriptors(head), 'file')[1] = 32)],
    ['a stream of another name', (head) => (find(descriptors(head), 'stream')[4] = 'stdin')],
    ['a file descriptor on a folder', (head) => (find(descriptors(head), 'file')[4] = 1)],
    ['a descriptor on nothing', (head) => (find(descriptors(head), 'file')[4] = 4999)],
    ['a negative offset', (head) => (find(descriptors(head), 'file')[5] = -1)],
    ['another folder open from the start', (head) => (find(descriptors(head), 'folder')[5] = '/etc')],
    ['a listing that stopped at a path', (head) => (find(descriptors(head), 'folder')[6] = [word(3n), 'a/b'])],
  ])('MH-CKP-004: %s', (_, edit) => {
    expect(() => resume(forge(snapshot, edit))).toThrow(refused('MH-CKP-004') as Error);
  });

  test('folders that hang together but not on the root', () => {
    const time = word(0n);
    const circle = (head: Head): void => {
      const next = head.host[2];
      nodes(head).push(
        ['folder', next, time, time, next + 1, [['a', next + 1]]],
        ['folder', next + 1, time, time, next, [['b', next]]],
      );
      head.host[2] = next + 2;
    };
    expect(() => resume(forge(snapshot, circle))).toThrow(refused('MH-CKP-004') as Error);
  });
});

describe('what was signed about it', () => {
  test('holds for the honest one', () => {
    const { fuelUsed: fuel, links, chainRoot } = honest;
    const expected = { fuel, links, chainRoot, stateHash: honest.stateHash() };
    expect(resume(snapshot, { expected }).stateHash()).toEqual(expected.stateHash);
  });

  test.each<[string, string, (head: Head) => void]>([
    ['MH-CKP-003', 'fuel', (head) => head.fuel++],
    ['MH-CKP-003', 'a link', (head) => (head.links[5] = (head.links[5] as number) ^ 1)],
    ['MH-CKP-003', 'links left out', (head) => Object.assign(head, { links: head.links.slice(32) })],
    ['MH-CKP-005', 'a global', (head) => (head.globals[0] = (head.globals[0] as number) ^ 1)],
    ['MH-CKP-005', 'depth', (head) => head.depth--],
    ['MH-CKP-005', 'the stack', (head) => (head.stack[4] = (head.stack[4] as number) ^ 1)],
    ['MH-CKP-005', 'the position of the randomness', (head) => head.host[0]--],
    ['MH-CKP-005', 'the next inode', (head) => head.host[2]++],
    ['MH-CKP-005', 'an offset', (head) => (find(descriptors(head), 'file')[5] = 7)],
    ['MH-CKP-005', 'flags', (head) => (find(descriptors(head), 'file')[1] = 1)],
    ['MH-CKP-005', 'a name', (head) => ((entries(head)[0] as unknown[])[0] = 'inpux')],
    ['MH-CKP-005', 'a time', (head) => (root(head)[3] = word(5n))],
    ['MH-CKP-005', 'a removed descriptor', (head) => (descriptors(head)[2] = null)],
    [
      'MH-CKP-005',
      'more memory',
      (head) =>
        Object.assign(head, {
          memorySizeBytes: head.memorySizeBytes + 65_536,
          filledPages: new Uint8Array([...head.filledPages, 0, 0]),
        }),
    ],
  ])('%s: another %s', (code, _, edit) => {
    const { fuelUsed: fuel, chainRoot } = honest;
    const expected = { fuel, chainRoot, stateHash: honest.stateHash() };
    expect(() => resume(forge(snapshot, edit), { expected })).toThrow(refused(code) as Error);
  });

  test('every byte of memory, standard output and files counts', () => {
    const expected = { stateHash: honest.stateHash() };
    const { head, rest } = openForged(snapshot);
    const filled = [...head.filledPages].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    const stderr = { from: filled * 4096 + (head.host[1] as number), size: head.stderrSizeBytes };
    expect(stderr.size).toBeGreaterThan(0);
    for (let at = 0; at < rest.length; at += 97) {
      const forged = rest.with(at, (rest[at] as number) ^ 0x10);
      if (at >= stderr.from && at < stderr.from + stderr.size) continue;
      expect(
        () =>
          resume(
            forge(snapshot, () => {}, forged),
            { expected },
          ),
        `byte ${at}`,
      ).toThrow(refused('MH-CKP-005') as Error);
    }
  });
});

/** Starts from anything, and runs it when it is not refused. */
function survive(bytes: Uint8Array): string {
  let machine: UnitMachine;
  try {
    machine = resume(bytes);
  } catch (error) {
    if (isManyhandsError(error) && error.code.startsWith('MH-CKP-')) return error.code;
    throw error;
  }
  return runMachine(machine, () => 50_000).kind;
}

test('random bytes in place of others: refused, or run to some end', () => {
  const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.boolean(), (changes, isHead) => {
      const forged = snapshot.slice();
      const size = isHead ? 8 + new DataView(snapshot.buffer).getUint32(4) : forged.length;
      for (const { at, value } of changes) forged[at % size] = value;
      survive(forged);
    }),
    { numRuns: 600 },
  );
});

test('forged stacks and globals at worst fail the unit', () => {
  const kinds = new Set<string>();
  const bytes = fc.uint8Array({ minLength: 4, maxLength: 200 });
  const mostlySmall = fc.array(fc.oneof(fc.constant(0), fc.constant(1), fc.nat(255)), { minLength: 4, maxLength: 200 });
  fc.assert(
    fc.property(
      fc.oneof(
        bytes,
        mostlySmall.map((list) => Uint8Array.from(list)),
      ),
      fc.boolean(),
      (noise, isPrefix) => {
        const forged = forge(snapshot, (head) => {
          const kept = isPrefix ? head.stack.slice(0, noise.length % head.stack.length) : new Uint8Array(0);
          head.stack = Uint8Array.from([...kept, ...noise]);
          head.globals.set(noise.subarray(0, 8));
        });
        kinds.add(survive(forged));
      },
    ),
    { numRuns: 600 },
  );
  expect(kinds.size).toBeGreaterThan(1);
});
