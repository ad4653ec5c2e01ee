// When everybody who stands at the door has been let in: the event loop takes in one new connection in each of its passes.
import type { Server } from 'node:http';

/** Callers who wait for their turn wait no longer for connections to come. */
const TAKING_IN_MAXIMUM_MS = 100;

/** Calls back after a pass of the event loop that brought no new connection, or after some time. */
export function onceTakenIn(server: Server): (callback: () => void) => void {
  let count = 0;
  server.on('connection', () => {
    count += 1;
  });
  return (callback) => {
    const latestMs = performance.now() + TAKING_IN_MAXIMUM_MS;
    const look = (before: number): void => {
      if (count === before || performance.now() > latestMs) callback();
      else lookLater();
    };
    // The second one comes after a whole pass, the first perhaps in this one.
    const lookLater = (): void => {
      const before = count;
      setImmediate(() => look(before));
    };
    setImmediate(lookLater);
  };
}
