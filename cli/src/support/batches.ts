// How batches and units are shown and found on the command line.
import { type Batch as BatchStatus, batchIdSchema, isManyhandsError, ManyhandsError } from '@manyhands/contract';
import {
  endedCounts,
  endedInWords,
  openCounts,
  sentenceOf,
  uncheckedInWords,
  waitingForNetworkInWords,
  wordOfBatch,
} from '@manyhands/contract/words';
import type { Batch, Coordinator } from '@manyhands/sdk';
import { openOwnProject, type ProjectConnectionOptions } from './connection.js';
import { formatCount, formatCredit } from './quantities.js';
import type { Column } from './table.js';

/** A batch by its identifier, or by its name within `--project`. With a project the owner's calls are possible. Throws MH-GEN-003. */
export async function findBatch(
  coordinator: Coordinator,
  nameOrId: string,
  options: Pick<ProjectConnectionOptions, 'project' | 'data'>,
): Promise<Batch> {
  const isId = batchIdSchema.safeParse(nameOrId).success;
  if (options.project !== undefined) {
    const project = await openOwnProject(coordinator, options).catch((error: unknown) => {
      // An identifier is enough to look: the project that was used last need not be the batch's.
      if (!isId || !isManyhandsError(error)) throw error;
      return undefined;
    });
    if (project) return project.batch(nameOrId);
  }
  if (isId) return coordinator.batch(nameOrId);
  throw new ManyhandsError('MH-GEN-009', {
    message: `${nameOrId} is a name, and names belong to projects. Please add --project NAME, or give the batch’s identifier.`,
  });
}

/** A unit's index, or the name that it has. Digits alone are an index unless they are written like a name (000001). */
export function parseUnit(text: string): number | string {
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
}

/** Why units are held. */
const HELD_CODE = 'MH-VAL-008';

export const BATCH_COLUMNS: readonly Column[] = [
  { title: 'batch' },
  { title: 'state' },
  { title: 'units', isNumber: true },
  { title: 'accepted', isNumber: true },
  { title: 'failed', isNumber: true },
  { title: 'ended', isNumber: true },
  { title: 'open', isNumber: true },
  { title: 'credit', isNumber: true },
];

export function batchRow(status: BatchStatus): string[] {
  const { name, counts, creditMilli } = status;
  const { failed } = endedCounts(counts);
  const open = formatCount(counts.waiting + counts.running + counts.checking);
  const { held } = openCounts(counts);
  return [
    name,
    wordOfBatch(status),
    ...[counts.total, counts.accepted, failed, counts.failed - failed].map(formatCount),
    held > 0 ? `${open}, ${formatCount(held)} held` : open,
    formatCredit(creditMilli, { isEarned: counts.accepted > 0 }),
  ];
}

/** All that is known of one batch, for people. */
export function batchLines(status: BatchStatus): string[] {
  const { counts, replicas, quorum } = status;
  const { failed } = endedCounts(counts);
  const { waiting, held } = openCounts(counts);
  const others = endedInWords({ ...counts, failed: counts.failed - failed }, formatCount);
  const unchecked = uncheckedInWords(status);
  const waitsFor = waitingForNetworkInWords(status);
  const agreement = [
    ...(quorum > 1 ? [`${quorum} computers of different accounts, on different networks, must agree`] : []),
    ...(unchecked === null ? [] : [`unverified: ${unchecked}`]),
  ].join('; ');
  return [
    `  accepted  ${formatCount(counts.accepted)} of ${formatCount(counts.total)}`,
    `  failed    ${formatCount(failed)}`,
    ...(others === '' ? [] : [`  ended     ${others}`]),
    `  open      ${formatCount(counts.running)} running, ${formatCount(counts.checking)} being checked, ${formatCount(waiting)} waiting`,
    ...(held === 0 ? [] : [`  held      ${formatCount(held)}. ${sentenceOf(HELD_CODE)}`]),
    `  checked   ${agreement}`,
    ...(waitsFor === null ? [] : [`  waiting   ${waitsFor}`]),
    `  replicas  ${formatCount(replicas.leased)} handed out, ${formatCount(replicas.reported)} reported, ${formatCount(replicas.agreed)} agreed`,
    `  credit    ${formatCredit(status.creditMilli, { isEarned: counts.accepted > 0 })}`,
    `  priority  ${status.priority}`,
    `  submitted ${new Date(status.submittedAtMs).toISOString()}`,
    `  until     ${status.completedAtMs === null ? '-' : new Date(status.completedAtMs).toISOString()}`,
    `  id        ${status.batchId}`,
  ];
}
