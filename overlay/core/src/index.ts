// The peer node without its sockets: messages of the block exchange, the planner of fetches, and who is served when. Pure and browser-safe.
export * from './limits.js';
export { createPlanner } from './planner/state.js';
export { nextTickMs, step } from './planner/step.js';
export type { Effect, PlannerEvent, PlannerOptions, PlannerState, RequestFailure, Source } from './planner/types.js';
export { type Decoded, FrameDecoder } from './protocol/decode.js';
export { encodeFrame } from './protocol/encode.js';
export {
  type Answer,
  type Ask,
  BLOCKS_PROTOCOL,
  CIDS_PER_MESSAGE_MAXIMUM,
  MESSAGE_BOUNDS,
  type Message,
  type MessageBounds,
  type RefusalReason,
} from './protocol/messages.js';
export { createRandom, type Random } from './random.js';
export { type MessageBudget, spendMessage } from './serving/message-budget.js';
export {
  type Claim,
  chooseOffer,
  createSpread,
  forgetPeer,
  noteServed,
  type SpreadState,
} from './serving/spread-policy.js';
export {
  cancelUpload,
  createUploadQueue,
  endUpload,
  enqueueUpload,
  startUpload,
  type Upload,
  type UploadQueue,
} from './serving/upload-queue.js';
