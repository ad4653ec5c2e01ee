// A look at a program without making its builds: what it uses, and whether it would be refused.
import { ManyhandsError, MODULE_MAXIMUM_BYTES } from '@manyhands/contract';
import { type AppFacts, inspectApp } from '@manyhands/instrument';
import { DEFAULT_MEMORY_MAXIMUM_BYTES, type ProgramSource, readProgram } from './program.js';

/** What `inspectProgram` finds. `memoryMaximumBytes`: what its builds would declare. */
export type Inspection = AppFacts & { memoryMaximumBytes: number };

/** Throws MH-MOD-001 to MH-MOD-015 with what is wrong with the program, MH-GEN-013 when it can't be read. */
export async function inspectProgram(
  source: ProgramSource,
  options: { memoryMaximumBytes?: number | undefined } = {},
): Promise<Inspection> {
  const wasm = await readProgram(source);
  if (wasm.length > MODULE_MAXIMUM_BYTES)
    throw new ManyhandsError('MH-MOD-002', {
      message: `The program has ${wasm.length} bytes, but at most ${MODULE_MAXIMUM_BYTES} are allowed: strip it, and move data into input files.`,
    });
  const facts = inspectApp(wasm);
  const allowed = options.memoryMaximumBytes ?? DEFAULT_MEMORY_MAXIMUM_BYTES;
  if (facts.memoryInitialBytes > allowed)
    throw new ManyhandsError('MH-MOD-007', {
      message: `The program starts with ${facts.memoryInitialBytes} bytes of memory, but at most ${allowed} are allowed: give --memory (memoryMaximumBytes), or make static arrays smaller.`,
    });
  return { ...facts, memoryMaximumBytes: Math.min(allowed, facts.memoryDeclaredMaximumBytes ?? allowed) };
}
