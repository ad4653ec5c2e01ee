// One settled unit as scientists see it: a result with its bytes, or a failure with what the hosts said.
import { ManyhandsError, type Outcome, type UnitResult } from '@manyhands/contract';
import { type Ending, endedInWords, endingOf, sentenceOf } from '@manyhands/contract/words';
import type { z } from 'zod';

/** Names an accepted unit and its result. `digest`: hex of the result digest. `fuel`: what each of the agreeing hosts used. */
export type AcceptedUnit = {
  readonly index: number;
  readonly name: string;
  readonly digest: string;
  readonly fuel?: number | null;
};

/** An accepted result. Its bytes were verified against its digest. */
export class Result {
  readonly state = 'accepted';
  readonly index: number;
  readonly name: string;
  /** Hex of the result digest. */
  readonly digest: string;
  /** Metered work, as the hosts agreed on it; null where that is not known. */
  readonly fuel: number | null;
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  /** The declared output files, sorted by name; `null` for one that the program did not write. */
  readonly files: UnitResult['files'];

  constructor(unit: AcceptedUnit, result: UnitResult) {
    this.index = unit.index;
    this.name = unit.name;
    this.digest = unit.digest;
    this.fuel = unit.fuel ?? null;
    this.exitCode = result.exitCode;
    this.stdout = result.stdout;
    this.files = result.files;
  }

  /** Standard output as UTF-8. */
  text(): string {
    return new TextDecoder().decode(this.stdout);
  }

  /** Standard output as JSON, checked against a zod schema if there is one. Throws MH-GEN-002 when it is not that. */
  json<T = unknown>(schema?: z.ZodType<T>): T {
    let value: unknown;
    try {
      value = JSON.parse(this.text());
    } catch (cause) {
      throw this.#unexpected('is not JSON', cause);
    }
    if (!schema) return value as T;
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw this.#unexpected('does not fit the schema', parsed.error);
    return parsed.data;
  }

  /** The bytes of a declared output file; `null` when the program did not write it. Throws MH-GEN-003 for an undeclared one. */
  file(name: string): Uint8Array | null {
    const found = this.files.find((file) => file.name === name);
    if (found) return found.bytes;
    throw new ManyhandsError('MH-GEN-003', {
      message: `${name} is not among the files that the batch collects: ${this.files.map((file) => file.name).join(', ') || 'none'}.`,
    });
  }

  #unexpected(what: string, cause: unknown): ManyhandsError {
    const message = `The standard output of ${this.name} ${what}.`;
    return new ManyhandsError('MH-GEN-002', { message, meta: { name: this.name, index: this.index }, cause });
  }
}

/** A unit that came to its end without a result. */
export type Failure = {
  readonly state: 'failed';
  /** `failed`: it was tried and does not work. The others never came to their end: their batch was cancelled, expired or stopped by the operator. */
  readonly ending: Ending;
  readonly index: number;
  readonly name: string;
  /** The program's exit code, where it ended by itself. */
  readonly exitCode: number | null;
  /** Why the unit was given up (MH-VAL-…). */
  readonly code: string;
  /** The same in a sentence for people. */
  readonly reason: string;
  /** What the hosts said (MH-UNIT-… or MH-HOST-…). */
  readonly cause: string | null;
  readonly message: string | null;
  /** Metered work up to the failure, where the hosts agreed on it. */
  readonly fuel: number | null;
  /** The end of standard error. */
  readonly stderrTail: string;
};

export function failureOf(outcome: Outcome): Failure {
  const { index, name, exitCode, cause, message } = outcome;
  return {
    state: 'failed',
    ending: endingOf(outcome.code),
    index,
    name,
    exitCode,
    code: outcome.code ?? 'MH-GEN-001',
    reason: sentenceOf(outcome.code),
    cause,
    message,
    fuel: outcome.fuel,
    stderrTail: outcome.stderrTail ?? '',
  };
}

/** The error that ends a stream of results when nobody works any longer on what is left. */
export function unitsHeld(batchName: string, heldCount: number): ManyhandsError {
  const which = heldCount === 1 ? '1 unit of' : `${heldCount} units of`;
  return new ManyhandsError('MH-VAL-008', {
    message: `${which} ${batchName} ${heldCount === 1 ? 'is' : 'are'} held: hosts of four accounts, which deliver other work, took each of them and none came to its end. Open them again with batch.retry(), or \`manyhands batch retry ${batchName}\`.`,
    meta: { batch: batchName, heldCount },
  });
}

/** How many failures an error lists. */
const LISTED_FAILURES_MAXIMUM = 100;

/**
 * The error that ends a stream of results when units have none: MH-BAT-008 when some failed, MH-BAT-004 when they were only ended with the batch.
 * `meta.failures` lists the first hundred that failed, `meta.ended` how many were ended, by kind.
 */
export function batchFailed(batchName: string, failures: readonly Failure[]): ManyhandsError {
  const failed = failures.filter(({ ending }) => ending === 'failed');
  const ended = { cancelled: 0, expired: 0, stopped: 0 };
  for (const { ending } of failures) if (ending !== 'failed') ended[ending] += 1;
  const words = endedInWords({ failed: failures.length, ended });
  const [first] = failed;
  const example = first
    ? ` The first that failed: ${first.name}: ${first.message ?? first.reason} ${first.cause ?? first.code}`
    : '';
  return new ManyhandsError(first ? 'MH-BAT-008' : 'MH-BAT-004', {
    message: `${failures.length} ${failures.length === 1 ? 'unit' : 'units'} of ${batchName} ended without a result: ${words}.${example}`,
    meta: { batch: batchName, failedCount: failed.length, ended, failures: failed.slice(0, LISTED_FAILURES_MAXIMUM) },
  });
}
