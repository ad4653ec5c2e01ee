// The state of a host is plain data: cloned in the middle of a run, it goes on as if nothing had happened.
import { expect, test } from 'vitest';
import { bytesOf, Guest } from '../support/guest.js';

const CREATE = 1;

/** Work that touches every part of the state. */
function firstHalf(guest: Guest): void {
  guest.read(0, 3);
  guest.call('random_get', 64, 10);
  guest.call('path_create_directory', 3, ...guest.path('d'));
  guest.write(guest.open('d/a', { oflags: CREATE }), 'written before');
  guest.call('path_unlink_file', 3, ...guest.path('d/a'));
  guest.open('in');
  guest.list(3, 0n, 60);
  guest.write(1, 'first ');
  guest.write(2, 'warning ');
}

function secondHalf(guest: Guest): unknown[] {
  guest.write(1, 'second');
  guest.write(2, 'again');
  guest.call('random_get', 64, 100);
  const seen = [
    guest.read(0, 99),
    guest.seek(4, -6n, 2),
    guest.read(4, 99),
    guest.write(5, 'IN'),
    guest.list(3, 2n),
    guest.open('x', { oflags: CREATE }),
  ];
  return [...seen, guest.take(64, 100), guest.state];
}

test('a clone in the middle makes no difference', () => {
  const inputs = {
    stdin: bytesOf('standard input'),
    files: [{ name: 'in', bytes: bytesOf('input') }],
    seed: Uint8Array.of(7),
  };
  const unbroken = new Guest(inputs);
  firstHalf(unbroken);
  const moved = new Guest({}, structuredClone(unbroken.state));
  expect(moved.state).toEqual(unbroken.state);
  expect(secondHalf(moved)).toEqual(secondHalf(unbroken));
});

test('two hosts with the same inputs and calls have equal states', () => {
  const [one, other] = [new Guest({ seed: Uint8Array.of(7) }), new Guest({ seed: Uint8Array.of(7) })];
  for (const guest of [one, other]) firstHalf(guest);
  expect(one.state).toEqual(other.state);
});
