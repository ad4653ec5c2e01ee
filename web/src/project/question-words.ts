// A question of the list in words: what goes on, how far it is, who helps.
import type { Question } from '@manyhands/contract';
import { endedInWords } from '@manyhands/contract/words';
import { formatCount, plural } from '../format/numbers.js';
import { formatAgo } from '../format/times.js';
import { NOT_STATED } from './project-facts.js';

/** Whether something goes on at this moment: there is work that may be handed out, and somebody is here to do it. */
export function isAtWork({ project, openBatches, computersOnline }: Question): boolean {
  return project.state === 'active' && openBatches > 0 && computersOnline > 0;
}

/** "2 batches open · last heard of 40 s ago". */
export function activityInWords(question: Question, nowMs: number): string {
  const { project, openBatches, counts, lastActivityMs } = question;
  const ago = formatAgo(lastActivityMs, nowMs);
  if (project.state === 'pending') return 'Waiting for the operator’s approval';
  if (project.state === 'paused') return 'Paused by the operator; nothing is lost';
  if (openBatches > 0) return `${plural(openBatches, 'batch', 'batches')} open · last activity ${ago}`;
  return counts.total === 0 ? 'Nothing submitted yet' : `No batch open · last activity ${ago}`;
}

/** "811 of 1,235 units are done; 3 failed, 44 cancelled". */
export function progressInWords({ counts }: Question): string {
  if (counts.total === 0) return 'No units yet';
  const done = `${formatCount(counts.accepted)} of ${plural(counts.total, 'unit')} ${counts.total === 1 ? 'is' : 'are'} done`;
  const missing = endedInWords(counts, formatCount);
  return missing === '' ? done : `${done}; ${missing}`;
}

/** "7 people so far, 3 of them here now with 5 computers". */
export function peopleInWords({ people, computersOnline }: Question): string {
  if (people.total === 0) return 'Nobody has helped yet';
  const all = `${plural(people.total, 'person has', 'people have')} helped`;
  if (people.online === 0) return `${all}, nobody is here now`;
  return `${all}, ${formatCount(people.online)} here now with ${plural(computersOnline, 'computer')}`;
}

/** What is said of its terms where people choose: who runs it, and what becomes of the results. */
export function termsInWords({ project: { runBy, resultLicence } }: Question): string {
  if (!runBy && !resultLicence) return `Run by, and licence of the results: ${NOT_STATED}`;
  return `Run by${runBy ? ` ${runBy}` : `: ${NOT_STATED}`} · licence of the results: ${resultLicence || NOT_STATED}`;
}

/** What there is to see on its page. */
export function invitationTo({ openBatches, counts }: Question): string {
  if (counts.total === 0) return 'Read more';
  return openBatches > 0 ? 'See the answer so far' : 'See the answer';
}
