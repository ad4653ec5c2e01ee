// The small parts of the executor: pacing of slices, batches of short units, packing and pieces of snapshots, what runs are asked.
import { expect, test } from 'vitest';
import { PIECE_BYTES, PieceCollector, piecesOf } from '../../src/executor/messages/pieces.js';
import type { ThreadTask } from '../../src/executor/messages/thread-messages.js';
import { TaskQueue } from '../../src/executor/process/task-queue.js';
import { pack, unpack } from '../../src/executor/thread/packing.js';
import { RunAsks } from '../../src/executor/thread/run-asks.js';
import { SlicePacer } from '../../src/executor/thread/slice-pacer.js';

const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
const task = (id: number, moduleCid = 'm', resume: unknown = null) => ({ id, moduleCid, resume }) as ThreadTask;

test('slices come to last a third of a second, whatever the speed', () => {
  for (const fuelPerMs of [1000, 1e6, 2e7]) {
    const pacer = new SlicePacer();
    for (let count = 0; count < 20; count++) pacer.record(pacer.fuel, pacer.fuel / fuelPerMs);
    const expected = Math.min(2 ** 33, Math.max(2 ** 20, 300 * fuelPerMs));
    expect(pacer.fuel / expected, `${fuelPerMs} per ms`).toBeCloseTo(1, 1);
  }
});

test('measurements that say nothing change nothing', () => {
  const pacer = new SlicePacer();
  const { fuel } = pacer;
  pacer.record(1000, 0.01);
  pacer.record(0, 500);
  expect(pacer.fuel).toBe(fuel);
});

test('units of an unknown module go one at a time, short ones together, within their share', () => {
  const queue = new TaskQueue();
  const add = (count: number, cid = 'm') => {
    for (let id = 0; id < count; id++) queue.add({ module, task: task(id, cid) });
  };
  add(40);
  expect(queue.take(2)?.tasks).toHaveLength(1);
  queue.record(task(0), 1);
  expect(queue.take(2)?.tasks).toHaveLength(20);
  expect(queue.take(2)?.tasks).toHaveLength(10);
  add(5, 'other');
  const taken = [];
  for (let batch = queue.take(1); batch; batch = queue.take(1))
    taken.push(new Set(batch.tasks.map((one) => one.moduleCid)).size);
  expect(new Set(taken)).toEqual(new Set([1]));
});

test('long units, and those that go on from a snapshot, travel alone', () => {
  const queue = new TaskQueue();
  for (let id = 0; id < 8; id++) queue.add({ module, task: task(id) });
  queue.record(task(0), 500);
  expect(queue.take(1)?.tasks).toHaveLength(1);
  const resumed = new TaskQueue();
  resumed.record(task(0), 1);
  for (let id = 0; id < 8; id++) resumed.add({ module, task: task(id, 'm', {}) });
  expect(resumed.take(1)?.tasks).toHaveLength(1);
});

test('what waits can be taken out of the line, and put back to its front', () => {
  const queue = new TaskQueue();
  for (const id of [1, 2]) queue.add({ module, task: task(id) });
  expect(queue.remove(1)).toBe(true);
  expect(queue.remove(1)).toBe(false);
  queue.putBack([{ module, task: task(7) }]);
  expect(queue.take(1)?.tasks[0]?.id).toBe(7);
});

test('snapshots are packed where it pays, and unpacked within a bound', () => {
  const empty = new Uint8Array(3_000_000);
  const packed = pack(empty);
  expect(packed.isCompressed).toBe(true);
  expect(packed.bytes.length).toBeLessThan(100_000);
  expect(packed.bytes.byteLength).toBe(packed.bytes.buffer.byteLength);
  expect(unpack(packed, 4_000_000)).toHaveLength(3_000_000);
  expect(() => unpack(packed, 1_000_000)).toThrow(expect.objectContaining({ code: 'MH-CKP-001' }));
  const damaged = { ...packed, bytes: packed.bytes.map((byte) => byte ^ 0xff) };
  expect(() => unpack(damaged, 4_000_000)).toThrow(expect.objectContaining({ code: 'MH-CKP-001' }));
  const noise = new Uint8Array(600_000);
  for (let at = 0, state = 1; at < noise.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise[at] = state >>> 16;
  }
  expect(pack(noise)).toMatchObject({ isCompressed: false, bytes: noise });
});

test('pieces make the whole again', () => {
  const bytes = new Uint8Array(2 * PIECE_BYTES + 5).map((_, at) => at % 251);
  const collector = new PieceCollector();
  const pieces = [...piecesOf(bytes)];
  expect(pieces.map(({ length }) => length)).toEqual([PIECE_BYTES, PIECE_BYTES, 5]);
  for (const piece of pieces) collector.add(piece);
  expect(Buffer.compare(collector.take(), bytes)).toBe(0);
  expect(collector.take()).toHaveLength(0);
});

test('of several asks the one that says most is obeyed, once', () => {
  const asks = new RunAsks();
  asks.ask(1, 'hand-over');
  asks.ask(1, 'pause');
  asks.ask(1, 'hand-over');
  expect(asks.take(1)).toBe('pause');
  expect(asks.take(1)).toBeUndefined();
  asks.ask(1, 'stop');
  asks.ask(1, 'final-hand-over');
  expect(asks.take(1)).toBe('stop');
});
