// Where the demo's time went, stage by stage; in a clone of the repository after what installing and building took.

export type Spent = { what: string; seconds: number };

export class Times {
  private readonly stages: Spent[] = [];
  private sinceMs: number;

  /** `nowMs`: a monotonic clock. */
  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.sinceMs = nowMs();
  }

  /** What was begun when the one before ended is done. */
  end(what: string): void {
    const nowMs = this.nowMs();
    this.stages.push({ what, seconds: (nowMs - this.sinceMs) / 1000 });
    this.sinceMs = nowMs;
  }

  all(before: readonly Spent[] = setupTimes(process.env.MANYHANDS_SETUP_TIMES)): Spent[] {
    return [...before, ...this.stages];
  }
}

/** What `npm run demo` did before, as it hands it over; nothing where the demo was started otherwise. */
export function setupTimes(text = '[]'): Spent[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isSpent).map(({ what, seconds }) => ({ what, seconds })) : [];
  } catch {
    return [];
  }
}

function isSpent(value: unknown): value is Spent {
  const { what, seconds } = (value ?? {}) as Partial<Spent>;
  return typeof what === 'string' && typeof seconds === 'number';
}

export function timeLines(times: readonly Spent[]): string[] {
  const rows = [...times, { what: 'all of it', seconds: times.reduce((sum, { seconds }) => sum + seconds, 0) }];
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows.map(({ what, seconds }) => `  ${what.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s`);
}
