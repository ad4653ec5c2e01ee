// The code section: walks every instruction of every function against the list of what is allowed.
import { ByteReader } from '../binary/byte-reader.js';
import { isFloatType, readValueType } from '../binary/types.js';
import { MODULE_LIMITS, type ModuleLimits } from '../limits.js';
import { malformed, withinLimit } from '../refusal.js';
import { type InstructionScope, readInstruction } from './instructions.js';
import type { ModuleFacts } from './module-facts.js';
import { Opcode } from './opcodes.js';

export function readCode(reader: ByteReader, facts: ModuleFacts): void {
  const defined = facts.functionTypes.length - facts.importCount;
  facts.bodies = reader.list(
    () => {
      const lengthBytes = reader.u32();
      withinLimit('functionBytes', lengthBytes, facts.limits);
      return reader.take(lengthBytes);
    },
    (count) => (count === defined ? undefined : malformed('functions and bodies differ in number')),
  );
  for (const [index, body] of facts.bodies.entries()) readBody(body, index, facts);
}

function readBody(body: Uint8Array, index: number, facts: ModuleFacts): void {
  const reader = new ByteReader(body);
  const type = facts.types[facts.functionTypes[facts.importCount + index] as number];
  const localCount = (type?.parameters.length ?? 0) + readLocals(reader, facts);
  const globalsUsed = new Set<number>();
  facts.globalsUsed.push(globalsUsed);
  const loops = new LoopCount(facts.limits);
  const scope: InstructionScope = { facts, localCount, depth: 1, globalsUsed };
  while (scope.depth > 0) {
    const start = reader.position;
    const opcode = readInstruction(reader, scope);
    if (opcode === Opcode.memoryGrow) facts.growSites.push({ body: index, start, end: reader.position });
    if (opcode === Opcode.loop) loops.open(scope.depth);
    else if (opcode === Opcode.end) loops.close(scope.depth);
    if (scope.depth > MODULE_LIMITS.nesting) withinLimit('nesting', scope.depth, facts.limits);
  }
  if (!reader.isAtEnd) malformed('a function goes on behind its end');
}

function readLocals(reader: ByteReader, facts: ModuleFacts): number {
  let total = 0;
  reader.list(
    () => {
      total += reader.u32();
      withinLimit('locals', total, facts.limits);
      const type = readValueType(reader);
      facts.hasFloat ||= isFloatType(type);
    },
    (count) => withinLimit('locals', count, facts.limits),
  );
  facts.localsTotal += total;
  withinLimit('localsTotal', facts.localsTotal, facts.limits);
  return total;
}

/** Counts the loops of one function, and those that are open. */
class LoopCount {
  #count = 0;
  /** By open loop: how many blocks were open in it. */
  readonly #open: number[] = [];

  constructor(private readonly limits: ModuleLimits) {}

  open(depth: number): void {
    withinLimit('loops', ++this.#count, this.limits);
    withinLimit('loopNesting', this.#open.push(depth), this.limits);
  }

  close(depth: number): void {
    if ((this.#open.at(-1) ?? 0) > depth) this.#open.pop();
  }
}
