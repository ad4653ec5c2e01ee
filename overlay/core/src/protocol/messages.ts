// The messages of the block exchange, protocol `/manyhands/blocks/1`. A fetcher opens a stream to a peer, says which swarm it is about, and asks; the peer answers.
import { BLOCK_MAXIMUM_BYTES, type Cid } from '@manyhands/contract';

export const BLOCKS_PROTOCOL = '/manyhands/blocks/1';
/** The length of a CID's text on the wire; every CID of the contract has it. */
export const CID_CHARACTERS = 59;
/** CIDs in one message. */
export const CIDS_PER_MESSAGE_MAXIMUM = 1024;

/** Why a request gets no block. `missing`: not here (any more); `busy`: too many requests wait already. */
export type RefusalReason = 'missing' | 'busy';

/** What a fetcher says. Request ids are chosen by it, per stream. */
export type Ask =
  /** First message: the swarm that all others are about. */
  | { type: 'hello'; swarm: Cid }
  /** Which of these are there? Answered by `have`, now and again as more of them come in. */
  | { type: 'want'; cids: Cid[] }
  | { type: 'get'; id: number; cid: Cid }
  /** The block is no longer needed. */
  | { type: 'cancel'; id: number }
  /** Asks a seed to choose `count` of these for the fetcher; insisting ones are told even what others already got. */
  | { type: 'claim'; id: number; isInsisting: boolean; count: number; cids: Cid[] };

/** What the peer answers. */
export type Answer =
  | { type: 'have'; cids: Cid[] }
  | { type: 'block'; id: number; bytes: Uint8Array }
  | { type: 'refuse'; id: number; reason: RefusalReason }
  /** The blocks chosen for a claim, held ready for a `get`. */
  | { type: 'offer'; id: number; cids: Cid[] };

export type Message = Ask | Answer;

/** The bounds of one message: its number on the wire, the bytes of its body, and how many a second one stream may send (and in one burst). */
export type MessageBounds = {
  readonly number: number;
  readonly direction: 'ask' | 'answer';
  readonly minimumBytes: number;
  readonly maximumBytes: number;
  readonly perSecond: number;
  readonly burst: number;
};

const CIDS = CIDS_PER_MESSAGE_MAXIMUM * CID_CHARACTERS;
const bounds = (
  number: number,
  direction: 'ask' | 'answer',
  [minimumBytes, maximumBytes]: [number, number],
  [perSecond, burst]: [number, number],
): MessageBounds => ({ number, direction, minimumBytes, maximumBytes, perSecond, burst });

/** Numbers are never reused; retired ones stay here as comments. */
export const MESSAGE_BOUNDS: Readonly<Record<Message['type'], MessageBounds>> = {
  hello: bounds(1, 'ask', [CID_CHARACTERS, CID_CHARACTERS], [1, 1]),
  want: bounds(2, 'ask', [CID_CHARACTERS, CIDS], [50, 500]),
  get: bounds(3, 'ask', [4 + CID_CHARACTERS, 4 + CID_CHARACTERS], [1000, 2000]),
  cancel: bounds(4, 'ask', [4, 4], [1000, 2000]),
  claim: bounds(5, 'ask', [6 + CID_CHARACTERS, 6 + CIDS], [500, 1000]),
  have: bounds(16, 'answer', [CID_CHARACTERS, CIDS], [1000, 5000]),
  block: bounds(17, 'answer', [4, 4 + BLOCK_MAXIMUM_BYTES], [2000, 4000]),
  refuse: bounds(18, 'answer', [5, 5], [1000, 2000]),
  offer: bounds(19, 'answer', [4, 4 + 255 * CID_CHARACTERS], [500, 1000]),
};
