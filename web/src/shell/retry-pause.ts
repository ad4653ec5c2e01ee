// The pause between two tries. A reader may cut it short; who asks while a try is on its way gets the next one without a pause.

export class RetryPause {
  #isAsked = false;
  #end = (): void => {};

  /** Resolves after so long, or when a reader asks. */
  async wait(durationMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#isAsked ? 0 : durationMs);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#isAsked = false;
  }

  /** Try again now. */
  ask(): void {
    this.#isAsked = true;
    this.#end();
  }
}
