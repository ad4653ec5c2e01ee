// A program that cuts its work itself: it stops between the calls of its steps, and has no stack then.
import { Phase, type Program } from './program.js';

/** The exports of a step build that running needs. */
export type StepExports = {
  /** What a toolchain wants to be called first. */
  initialize: (() => void) | null;
  init(): void;
  /** 0 when there is no further step. */
  step(): number;
  finish(): void;
};

export class StepProgram implements Program {
  phase: number = Phase.start;

  /** `mustYield` is asked after each call. */
  constructor(
    private readonly exports: StepExports,
    private readonly mustYield: () => boolean,
  ) {}

  run(): boolean {
    while (this.phase !== Phase.finish) {
      this.phase = this.phase === Phase.start ? this.begin() : this.step();
      if (this.mustYield()) return false;
    }
    this.exports.finish();
    return true;
  }

  isInOrder(): boolean {
    return true;
  }

  stack(): Uint8Array {
    return new Uint8Array(0);
  }

  restore(phase: number, stack: Uint8Array): boolean {
    if (phase > Phase.finish || stack.length > 0) return false;
    this.phase = phase;
    return true;
  }

  private begin(): number {
    this.exports.initialize?.();
    this.exports.init();
    return Phase.midway;
  }

  private step(): number {
    return this.exports.step() === 0 ? Phase.finish : Phase.midway;
  }
}
