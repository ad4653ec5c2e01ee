// Gathers the outcomes of a batch as they are settled: each is fetched once and only what the pictures need is kept.
import type { Batch, Outcome, Presentation } from '@manyhands/contract';
import { getJson } from '../api/request.js';
import type { ComparedWindow, Segment } from '../stretches/segments.js';
import { parseStdout } from '../stretches/segments.js';

const PAGE_LIMIT = 500;
/** Pages fetched in one go, so that a long batch shows its first results early. */
const PAGES_PER_STEP = 8;

/** What the page keeps of a unit that came to no result. */
export type Failure = Pick<Outcome, 'index' | 'name' | 'code' | 'cause' | 'message'>;

export type Findings = {
  readonly lastSequence: number;
  /** Outcomes read so far; fewer than the batch has settled while catching up. */
  readonly readCount: number;
  readonly segments: readonly Segment[];
  readonly windows: readonly ComparedWindow[];
  /** Accepted units whose output is too long to come with the list; their segments are not drawn. */
  readonly undrawnCount: number;
  /** By unit index; a retried unit that is accepted later leaves. */
  readonly failures: ReadonlyMap<number, Failure>;
};

export const NO_FINDINGS: Findings = {
  lastSequence: -1,
  readCount: 0,
  segments: [],
  windows: [],
  undrawnCount: 0,
  failures: new Map(),
};

type Page = { readonly outcomes: Outcome[]; readonly next?: number | null; readonly batch: Batch };

/** Reads what was settled since `before`. Returns `before` itself when nothing was. */
export async function readFindings(batch: Batch, before: Findings, signal: AbortSignal): Promise<Findings> {
  let findings = before;
  for (let page = 0; page < PAGES_PER_STEP; page += 1) {
    const query = `after=${findings.lastSequence}&limit=${PAGE_LIMIT}&stdout=${batch.presentation ? 1 : 0}`;
    const path = `/batches/${encodeURIComponent(batch.batchId)}/outcomes?${query}`;
    const { outcomes, next = null } = await getJson<Page>(path, signal);
    findings = addOutcomes(findings, outcomes, batch.presentation);
    if (next === null) break;
  }
  return findings;
}

/** Findings and the outcomes that follow them. */
export function addOutcomes(
  before: Findings,
  outcomes: readonly Outcome[],
  presentation: Presentation | null,
): Findings {
  const last = outcomes.at(-1);
  if (!last) return before;
  const failures = new Map(before.failures);
  const segments = [...before.segments];
  const windows = [...before.windows];
  let { undrawnCount } = before;
  for (const outcome of outcomes) {
    if (outcome.state === 'failed') {
      const { index, name, code, cause, message } = outcome;
      failures.set(index, { index, name, code, cause, message });
      continue;
    }
    failures.delete(outcome.index);
    if (!presentation) continue;
    if (outcome.stdout === null) {
      undrawnCount += 1;
      continue;
    }
    const parsed = parseStdout(outcome.stdout, presentation);
    segments.push(...parsed.segments);
    if (parsed.window) windows.push(parsed.window);
  }
  return {
    lastSequence: last.sequence,
    readCount: before.readCount + outcomes.length,
    segments,
    windows,
    undrawnCount,
    failures,
  };
}
