// Checkpoints that somebody changed: a successor that knows what its predecessor signed refuses each, and nobody ever crashes over one.
import { isManyhandsError } from '@manyhands/contract';
import { UnitMachine } from '@manyhands/runtime';
import { randomOf } from '@manyhands/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { forged, type Head, type Stopped, stoppedProgram } from '../support/hostile/snapshots.js';

let stopped: Stopped;
beforeAll(async () => {
  stopped = await stoppedProgram();
});

/** The code of the refusal; null when the snapshot is taken. Anything but a refusal fails the test. */
function verdict(snapshot: Uint8Array, isSigned = true): string | null {
  const { module, input, options, expected } = stopped;
  try {
    UnitMachine.start(module, input, { ...options, snapshot, ...(isSigned && { expected }) });
    return null;
  } catch (error) {
    if (isManyhandsError(error)) return error.code;
    throw error;
  }
}

/** The state of the host: randomness, stdout, next inode, nodes, descriptors. */
type HostParts = [number, unknown, number, unknown[][], (unknown[] | null)[]];
const host = (head: Head): HostParts => head.host as HostParts;
const descriptor = (head: Head, number: number): unknown[] => host(head)[4][number] as unknown[];
const flip = (part: Uint8Array, at: number): undefined => {
  part[at] = (part[at] as number) ^ 1;
};
/** Sets one key or place. */
function put(into: Head | unknown[], key: string | number, value: unknown): undefined {
  (into as Head)[key] = value;
}
const push = (into: unknown[], ...values: readonly unknown[]): undefined => {
  into.push(...values);
};
const word = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return bytes;
};

test('the snapshot as it was made is taken', () => {
  expect(verdict(stopped.snapshot)).toBeNull();
  expect(verdict(forged(stopped.snapshot, () => undefined))).toBeNull();
  expect(host(headOf(stopped.snapshot))[4].length, 'two files are open').toBe(6);
});

function headOf(snapshot: Uint8Array): Head {
  let found: Head = {};
  forged(snapshot, (head) => {
    found = structuredClone(head);
    return undefined;
  });
  return found;
}

type Change = (head: Head, rest: Uint8Array) => Uint8Array | undefined | undefined;
const changes: [string, Change, string][] = [
  ['a bit of memory', (_, rest) => flip(rest, 100), 'MH-CKP-005'],
  ['a global', (head) => flip(head.globals as Uint8Array, 6), 'MH-CKP-005'],
  ['bits that are no value of a global', (head) => flip(head.globals as Uint8Array, 0), 'MH-CKP-001'],
  ['a global that is none', (head) => put(head, 'globals', new Uint8Array(800)), 'MH-CKP-001'],
  ['the stack', (head) => flip(head.stack as Uint8Array, 4), 'MH-CKP-005'],
  ['a stack that fills its memory', (head) => put(head, 'stack', new Uint8Array(2 ** 20)), 'MH-CKP-001'],
  ['no stack', (head) => put(head, 'stack', new Uint8Array(0)), 'MH-CKP-001'],
  ['the depth', (head) => put(head, 'depth', (head.depth as number) - 16), 'MH-CKP-005'],
  ['more depth than there is', (head) => put(head, 'depth', 2 ** 40), 'MH-CKP-001'],
  ['less fuel', (head) => put(head, 'fuel', (head.fuel as number) - 1), 'MH-CKP-003'],
  ['more fuel than allowed', (head) => put(head, 'fuel', 2 ** 40), 'MH-CKP-003'],
  ['negative fuel', (head) => put(head, 'fuel', -1), 'MH-CKP-001'],
  ['a link', (head) => flip(head.links as Uint8Array, 40), 'MH-CKP-003'],
  ['a link less', (head) => put(head, 'links', (head.links as Uint8Array).slice(32)), 'MH-CKP-003'],
  ['links without end', (head) => put(head, 'links', new Uint8Array(32 * 50_000)), 'MH-CKP-003'],
  ['another unit', (head) => flip(head.subject as Uint8Array, 0), 'MH-CKP-002'],
  ['a larger memory', (head) => put(head, 'memorySizeBytes', 3 * 65_536), 'MH-CKP-001'],
  ['a memory above the maximum', (head) => put(head, 'memorySizeBytes', 2 ** 31), 'MH-CKP-001'],
  ['the phase', (head) => put(head, 'phase', 0), 'MH-CKP-001'],
  ['an unknown phase', (head) => put(head, 'phase', 2), 'MH-CKP-001'],
  ['something more in the head', (head) => put(head, 'then', 1), 'MH-CKP-001'],
  ['the end missing', (_, rest) => rest.subarray(0, -1), 'MH-CKP-001'],
  ['one byte more', (_, rest) => new Uint8Array([...rest, 0]), 'MH-CKP-001'],
  ['the counter of randomness', (head) => put(host(head), 0, 65), 'MH-CKP-005'],
  ['a counter that its fuel does not pay for', (head) => put(host(head), 0, 2 ** 40), 'MH-CKP-004'],
  ['the size of stdout', (head) => put(host(head), 1, 2 ** 40), 'MH-CKP-004'],
  ['an inode that never was', (head) => put(host(head), 2, 0), 'MH-CKP-004'],
  ['an offset', (head) => put(descriptor(head, 4), 5, 1), 'MH-CKP-005'],
  ['a descriptor of nothing', (head) => put(descriptor(head, 4), 4, 99), 'MH-CKP-004'],
  ['a descriptor of another kind', (head) => put(descriptor(head, 4), 0, 'folder'), 'MH-CKP-004'],
  ['a descriptor with every right', (head) => put(descriptor(head, 0), 2, word(-1n)), 'MH-CKP-004'],
  ['a thousand descriptors', (head) => push(host(head)[4], ...Array(1_000).fill(host(head)[4][4])), 'MH-CKP-004'],
  ['a second folder from the start', (head) => push(host(head)[4], preopened(head)), 'MH-CKP-004'],
  ['an input where a file was', (head) => put(lastNode(head), 4, ['input', 77]), 'MH-CKP-004'],
  ['a name that climbs', (head) => put(rootEntries(head)[0] as unknown[], 0, '..'), 'MH-CKP-004'],
  ['a name of the prototype', (head) => put(rootEntries(head)[0] as unknown[], 0, '__proto__'), 'MH-CKP-005'],
  ['a name twice', (head) => push(rootEntries(head), rootEntries(head).at(-1) as unknown[]), 'MH-CKP-004'],
  ['a folder in itself', (head) => push(rootEntries(head), ['z', 1]), 'MH-CKP-004'],
];

const lastNode = (head: Head): unknown[] => host(head)[3].at(-1) as unknown[];
/** `['folder', inode, accessed, modified, parent, entries]` */
const rootEntries = (head: Head): unknown[][] => host(head)[3].find(([kind]) => kind === 'folder')?.[5] as unknown[][];
/** A copy of the descriptor of the root folder that names another inode as open from the start. */
const preopened = (head: Head): unknown[] => {
  const [kind, flags, rights, inheriting, , name, mark] = host(head)[4][3] as unknown[];
  return [kind, flags, rights, inheriting, 99, name, mark];
};

test.each(changes)('changed: %s', (_, change, code) => {
  expect(verdict(forged(stopped.snapshot, (head, rest) => change(head, rest)))).toBe(code);
});

describe('broken at random', () => {
  const random = randomOf('hostile snapshots');

  test('one flipped bit anywhere is refused', () => {
    for (let turn = 0; turn < 400; turn++) {
      const copy = stopped.snapshot.slice();
      const bit = Math.floor(random() * copy.length * 8);
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verdict(copy), `bit ${bit}`).toMatch(/^MH-CKP-/);
    }
  });

  test('without anybody’s signature too, a broken snapshot is taken or refused, nothing else', () => {
    for (let turn = 0; turn < 400; turn++) {
      const copy = stopped.snapshot.slice(0, 1 + Math.floor(random() ** 0.1 * stopped.snapshot.length));
      for (let flips = 0; flips < 3; flips++) copy[Math.floor(random() * Math.min(copy.length, 900))] = random() * 256;
      expect(verdict(copy, false) ?? 'MH-CKP-', `turn ${turn}`).toMatch(/^MH-CKP-/);
    }
  });
});
