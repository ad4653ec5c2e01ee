// The same unit for hosts that call it step by step: `init`, then `step` until it gives 0, then `finish`.
import { advance, finish as finishSimulation, start } from "./simulation";

export function init(): void {
  start();
}

/** One time step; 0 after the last. */
export function step(): i32 {
  return advance() ? 1 : 0;
}

export function finish(): void {
  finishSimulation();
}
