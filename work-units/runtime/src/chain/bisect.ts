// Finds the first segment in which two chains differ, asking each side for logarithmically many links.
import { equalBytes, isMerkleIncluded, merkleLeafHash, merkleProof } from '@manyhands/contract';

/** One link with its proof against the chain root. */
export type ProvenLink = { link: Uint8Array; proof: readonly Uint8Array[] };
/** A side of a disagreement: what it signed, and a way to ask it. */
export type ChainParty = {
  chainRoot: Uint8Array;
  markCount: number;
  /** Link `index`, counted from 1; null when it does not answer. */
  askLink(index: number): Promise<ProvenLink | null>;
};

export type Bisection =
  /** Both signed the same chain. */
  | { kind: 'equal' }
  /** Both have `agreed` as link `index - 1` (null: the segment begins with the unit), and differ in link `index`. */
  | { kind: 'segment'; index: number; agreed: Uint8Array | null; left: Uint8Array; right: Uint8Array }
  /**
   * The chains have the same link where the shorter one ends, although they are not the same: since links include those before them and the last link is of
   * its own kind, at least one chain is made up. Re-running the segment that ends there tells which; nobody is convicted by this alone.
   */
  | { kind: 'contradiction'; index: number }
  /** A side did not answer, or answered what it had not signed: it is in the wrong. */
  | { kind: 'unproven'; side: 'left' | 'right'; index: number };

/** Answers for a party that has all its links. */
export function proveLink(links: readonly Uint8Array[], index: number): ProvenLink | null {
  const link = links[index - 1];
  return link === undefined ? null : { link, proof: merkleProof(links.map(merkleLeafHash), index - 1) };
}

/** Asks each side for at most 1 + log2(marks) links. Links include those before them, so that honest chains differ from the first difference on. */
export async function bisect(left: ChainParty, right: ChainParty): Promise<Bisection> {
  if (left.markCount === right.markCount && equalBytes(left.chainRoot, right.chainRoot)) return { kind: 'equal' };
  // Equal up to `low`, different at `high`: at the latest where the shorter chain ends, since the last link is of another kind.
  let low = 0;
  let agreed: Uint8Array | null = null;
  let differing = await askBoth(left, right, Math.min(left.markCount, right.markCount));
  if (differing.kind === 'unproven') return differing;
  if (differing.areEqual) return { kind: 'contradiction', index: differing.index };
  while (differing.index - low > 1) {
    const answer = await askBoth(left, right, low + Math.floor((differing.index - low) / 2));
    if (answer.kind === 'unproven') return answer;
    if (!answer.areEqual) differing = answer;
    else [low, agreed] = [answer.index, answer.left];
  }
  return { kind: 'segment', index: differing.index, agreed, left: differing.left, right: differing.right };
}

type Answers = { kind: 'answers'; index: number; left: Uint8Array; right: Uint8Array; areEqual: boolean };
type Unproven = Extract<Bisection, { kind: 'unproven' }>;

async function askBoth(left: ChainParty, right: ChainParty, index: number): Promise<Answers | Unproven> {
  const [fromLeft, fromRight] = await Promise.all([left.askLink(index), right.askLink(index)]);
  if (!isProven(left, index, fromLeft)) return { kind: 'unproven', side: 'left', index };
  if (!isProven(right, index, fromRight)) return { kind: 'unproven', side: 'right', index };
  const areEqual = equalBytes(fromLeft.link, fromRight.link);
  return { kind: 'answers', index, left: fromLeft.link, right: fromRight.link, areEqual };
}

function isProven(
  { chainRoot, markCount }: ChainParty,
  index: number,
  answer: ProvenLink | null,
): answer is ProvenLink {
  if (answer === null) return false;
  const { link, proof } = answer;
  return isMerkleIncluded(chainRoot, { leafHash: merkleLeafHash(link), index: index - 1, leafCount: markCount, proof });
}
