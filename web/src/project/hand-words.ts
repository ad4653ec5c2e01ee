// What the people who help are doing, in words.
import type { Hand } from '@manyhands/contract';
import { plural } from '../format/numbers.js';

/** What matters of a batch for its people. */
export type Situation = { readonly isOpen: boolean; readonly isStale: boolean; readonly quorum: number };

/** Computing now, as far as we know: whoever only waits for work does not help at this moment. */
export function isComputing(hand: Hand): boolean {
  return hand.isOnline && hand.runningUnits > 0;
}

/** The head of the list and the line below it. */
export function handsInWords(hands: readonly Hand[], { isOpen, isStale }: Situation): { title: string; line: string } {
  if (!isOpen) return { title: 'Who helped', line: hands.length === 0 ? 'No answer was accepted.' : countHands(hands) };
  const computing = hands.filter(isComputing);
  if (isStale || computing.length === 0) {
    return {
      title: 'Helping hands',
      line: isStale ? countHands(hands) : 'Nobody is computing for this at the moment.',
    };
  }
  return { title: 'Helping right now', line: countHands(computing) };
}

/** "4 people, 7 computers". */
function countHands(hands: readonly Hand[]): string {
  const computers = hands.reduce((sum, hand) => sum + hand.hosts, 0);
  return `${plural(hands.length, 'person', 'people')}, ${plural(computers, 'computer')}`;
}

/** What one of them does. */
export function doingInWords(hand: Hand, { isOpen, quorum }: Pick<Situation, 'isOpen' | 'quorum'>): string {
  const computers = plural(hand.hosts, 'computer');
  if (!isOpen) return computers;
  const parts = [computers];
  if (!hand.isOnline) parts.push('away');
  else if (hand.runningUnits > 0) parts.push(`${plural(hand.runningUnits, 'unit')} running`);
  // Answers that wait say more than that there is nothing to do meanwhile.
  else if (hand.answeredUnits === 0) parts.push('waiting for work');
  if (hand.answeredUnits > 0) parts.push(waitingInWords(hand.answeredUnits, quorum));
  return parts.join(' · ');
}

/** "20 answers wait for a second person". */
export function waitingInWords(answerCount: number, quorum: number): string {
  const whom = quorum === 2 ? 'a second person' : 'more people';
  return `${plural(answerCount, 'answer')} ${answerCount === 1 ? 'waits' : 'wait'} for ${whom}`;
}

/** Answers of a lone volunteer, which can't be accepted before somebody else joins; 0 when there are several people, or nothing waits. */
export function loneAnswers(hands: readonly Hand[], quorum: number): number {
  const takingPart = hands.filter(
    (hand) => hand.answeredUnits > 0 || hand.acceptedReplicas > 0 || (hand.isOnline && hand.runningUnits > 0),
  );
  return quorum > 1 && takingPart.length === 1 ? (takingPart[0]?.answeredUnits ?? 0) : 0;
}
