// Who may call whom: direct calls, and for calls through the table every function in it that has the right type.

import { describeType } from '../binary/types.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import type { ModuleFacts } from '../module/module-facts.js';
import { Opcode } from '../module/opcodes.js';

/**
 * Nodes are the functions with bodies, in order, and behind them one for each type that is called through the table; so
 * the edges are at most as many as calls and table entries, not their product.
 */
export type CallGraph = { functionCount: number; edges: number[][] };

export function callGraph(facts: ModuleFacts): CallGraph {
  const functionCount = facts.bodies.length;
  const typeNodes = new TypeNodes(facts, functionCount);
  const edges = facts.bodies.map((body) => callees(body, facts, typeNodes));
  for (const targets of typeNodes.targets()) edges.push(targets);
  return { functionCount, edges };
}

function callees(body: Uint8Array, facts: ModuleFacts, typeNodes: TypeNodes): number[] {
  const called = new Set<number>();
  const cursor = new InstructionCursor(body, new BodyLocals(body, 0).codeStart);
  while (cursor.next()) {
    if (cursor.opcode === Opcode.call && cursor.index >= facts.importCount)
      called.add(cursor.index - facts.importCount);
    else if (cursor.opcode === Opcode.callIndirect) called.add(typeNodes.nodeOf(cursor.index));
  }
  return [...called];
}

/** Equal types may be declared more than once: what counts is what they say. */
class TypeNodes {
  readonly #names: string[];
  readonly #nodes = new Map<string, number>();
  readonly #inTable = new Map<string, number[]>();

  constructor(
    facts: ModuleFacts,
    private readonly firstNode: number,
  ) {
    this.#names = facts.types.map(describeType);
    const functions = new Set(facts.elements.flatMap(({ functions }) => functions));
    for (const index of functions) {
      if (index === null || index < facts.importCount) continue;
      const name = this.#names[facts.functionTypes[index] as number] as string;
      const list = this.#inTable.get(name) ?? [];
      list.push(index - facts.importCount);
      this.#inTable.set(name, list);
    }
  }

  nodeOf(typeIndex: number): number {
    const name = this.#names[typeIndex] as string;
    const node = this.#nodes.get(name) ?? this.firstNode + this.#nodes.size;
    this.#nodes.set(name, node);
    return node;
  }

  /** By node, in order. */
  targets(): number[][] {
    return [...this.#nodes.keys()].map((name) => this.#inTable.get(name) ?? []);
  }
}
