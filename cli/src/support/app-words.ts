// What is known of a program and its builds, for people.
import { formatFuel } from '@manyhands/contract';
import type { Inspection } from '@manyhands/sdk';
import type { AppReport } from './app-files.js';
import { formatBytes, formatCount } from './quantities.js';

const KINDS: Readonly<Record<Inspection['abi'], string>> = {
  command: 'command (_start): two builds, nonleaf and all',
  step: 'step program (init, step, finish): one build, step',
};

export function inspectionLines(facts: Inspection): string[] {
  const { moduleBytes, memoryInitialBytes, memoryMaximumBytes, customSections, droppedExports } = facts;
  const strip =
    customSections > 0 ? `, with ${customSections} sections of names and the like that builds leave out` : '';
  return [
    `  kind      ${KINDS[facts.abi]}`,
    `  size      ${formatBytes(moduleBytes)}${strip}`,
    `  memory    ${formatBytes(memoryInitialBytes)} at the start, ${formatBytes(memoryMaximumBytes)} at most`,
    ...codeLines(facts),
    `  floats    ${floatWords(facts.hasFloat)}`,
    `  imports   ${facts.imports.join(', ') || 'none'}`,
    ...(droppedExports.length > 0 ? [`  dropped   exports that nobody can call: ${droppedExports.join(', ')}`] : []),
  ];
}

export function reportLines({ original, builds, ...report }: AppReport): string[] {
  const { staticStackBytes, depthLimitBytes } = report.code;
  return [
    `  program   ${formatBytes(original.sizeBytes)}, ${original.cid}`,
    ...Object.entries(builds).map(
      ([name, { cid, sizeBytes }]) => `  ${name.padEnd(9)} ${formatBytes(sizeBytes)}, ${cid}`,
    ),
    `  memory    ${formatBytes(report.memoryInitialBytes)} at the start, ${formatBytes(report.memoryMaximumBytes)} at most`,
    ...codeLines(report.code),
    `  depth     calls that may recurse share ${formatBytes(depthLimitBytes)} of stack, the others need ${formatBytes(staticStackBytes)} at most`,
    `  floats    ${floatWords(report.hasFloat)}`,
    `  marks     every ${formatFuel(report.markSpacing)} fuel`,
    `  imports   ${report.imports.join(', ') || 'none'}`,
  ];
}

function codeLines(code: { functions: number; meteredFunctions: number; loops: number; leafLoops: number }): string[] {
  return [
    `  functions ${formatCount(code.functions)}, ${formatCount(code.meteredFunctions)} of them may recurse and are metered for depth`,
    `  loops     ${formatCount(code.loops)}, ${formatCount(code.leafLoops)} of them innermost, where the build nonleaf does not stop`,
  ];
}

function floatWords(hasFloat: boolean): string {
  return hasFloat ? 'yes: the bits of NaN values are made the same on every computer' : 'none';
}
