// Words for people that commands and pages share. Pure and small: imports nothing but its own files, so that pages may load it.
export { uncheckedInWords } from './checked.js';
export {
  type BatchEnd,
  type CountsWithEndings,
  ENDING_CODES,
  ENDING_WORDS,
  type EndedCounts,
  type Ending,
  endedCounts,
  endedInWords,
  endingOf,
  wordOfBatch,
} from './endings.js';
export { type CountsWithHeld, isOnlyHeld, openCounts } from './held.js';
export { sharedNetworksInWords, waitingForNetworkInWords } from './networks.js';
export { plainLines, plainText } from './plain-text.js';
export { sentenceOf } from './sentences.js';
export { shellLine, shellWord } from './shell.js';
export { nextTimeLeft, type Sighting, type TimeLeft } from './time-left.js';
