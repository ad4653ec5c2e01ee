// The numbers of the core, each with its reason.
import { LEASES_PER_PROGRESS_MAXIMUM } from '@manyhands/contract';

/** A handshake that takes longer is given up. */
export const HANDSHAKE_TIMEOUT_MS = 15_000;
/** A request without an answer is made again; well below a third of the shortest lease. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** So many unanswered requests in a row mean that the connection is dead. */
export const REQUEST_TIMEOUTS_MAXIMUM = 3;
export const BACK_OFF_BASE_MS = 1000;
/** While an outage may be a mere restart, hosts come back soon; later they spare a coordinator that is down for long. */
export const BACK_OFF_EARLY_MS = 10_000;
export const EARLY_FAILURES = 12;
export const BACK_OFF_MAXIMUM_MS = 60_000;
/** Whatever a coordinator says, it is tried again after this. */
export const BACK_OFF_LONGEST_MS = 60 * 60_000;
/** The same identity is connected from elsewhere: a copied data folder must not take the connection to and fro. */
export const ELSEWHERE_RETRY_MS = 60_000;
/** Two of them take turns: pushed off twice within so long, the folder counts as copied. */
export const COPIED_WITHIN_MS = 15 * 60_000;
/** The coordinator says so at each attempt of the other one, which are `ELSEWHERE_RETRY_MS` apart. */
export const TWIN_BELIEVED_MS = 5 * 60_000;
/** A coordinator that names no time for «later» is asked again after this; also the shortest wait between two requests. */
export const ASK_MINIMUM_MS = 200;
/** However long the coordinator says, the host asks once an hour. */
export const ASK_MAXIMUM_MS = 60 * 60_000;
/** Work held in reserve for each core: hides the round trip, yet leaves the tail of a batch to idle hosts. */
export const RESERVE_MS = 4000;
/** Units held at most, computed ones not counted; grants beyond it are given back. */
export const UNITS_HELD_MAXIMUM = 1024;
/** Units are fetched ahead for so much work of each core, at least one a core and two in all, at most so many and so many bytes. */
export const PREPARED_MS = 1500;
export const PREPARED_MINIMUM = 2;
export const PREPARED_MAXIMUM = 48;
export const PREPARED_BYTES_MAXIMUM = 256 * 1024 * 1024;
/** Fetches of units under way at once: blocks are small, and most of a fetch is waiting. */
export const PREPARING_MAXIMUM = 24;
/** A receipt waits so long for others of its lease. */
export const REPORT_DELAY_MS = 300;
export const REPORT_UNITS_MAXIMUM = 64;
/** Inline bundles of one receipts frame: half of the frame leaves room for stderr tails. */
export const REPORT_BUNDLE_BYTES_MAXIMUM = 512 * 1024;
/** Signed part of one receipts frame: room for so many failures with full tails and more. */
export const REPORT_FAILURES_MAXIMUM = 32;
export const REPORTS_IN_FLIGHT_MAXIMUM = 4;
export const REPORT_RETRY_MS = 5000;
export const REPORT_RETRY_MAXIMUM_MS = 5 * 60_000;
export const CUSTODY_INTERVAL_MS = 60_000;
/** While the end waits only for kept bundles, the coordinator is asked about them this often. */
export const CUSTODY_INTERVAL_ENDING_MS = 2000;
export const CUSTODY_ITEMS_MAXIMUM = 1000;
export const LOST_NAMED_MAXIMUM = 100;
export const UPLOADS_MAXIMUM = 2;
export const UPLOAD_RETRY_MS = 5000;
export const UPLOAD_RETRY_MAXIMUM_MS = 5 * 60_000;
/** Fetching what a unit needs is tried so often before it counts as a failure of this host. */
export const FETCHES_MAXIMUM = 3;
export const FETCH_RETRY_MS = 3000;
/** A unit that kills the executor so often is reported as a host failure. */
export const CRASHES_MAXIMUM = 2;
/** Units are given to the executor ahead of its threads for so much work of each core, when they take less than the second; at most so many in all. */
export const RUN_AHEAD_MS = 200;
export const RUN_AHEAD_UNIT_MAXIMUM_MS = 2000;
export const RUNS_MAXIMUM = 256;
/** A long unit's checkpoint goes to the coordinator this often, so that others can go on with it if this host vanishes. */
export const HAND_OVER_INTERVAL_MS = 10 * 60_000;
/** A leaving worker hands over what took longer than this; anything shorter is begun anew faster than it is moved. */
export const HAND_OVER_WORTH_MS = 2000;
/** A checkpoint gets so long to be taken, and for each part of it to arrive, before a leaving worker gives its unit back without it. */
export const HAND_OVER_TIMEOUT_MS = 60_000;
/** Receipts and the farewell get so long before a leaving worker ends without them; they are sent next time. */
export const LEAVE_TIMEOUT_MS = 5000;
/** `state` messages are at least so far apart. */
export const STATE_INTERVAL_MS = 2000;
/** Which units are computed is told so far apart as long as their number stays the same. */
export const COMPUTING_INTERVAL_MS = 10_000;
export const RENEW_TOGETHER_MS = 1000;
/** So many as one signed statement of progress names. */
export const LEASES_PER_RENEWAL = LEASES_PER_PROGRESS_MAXIMUM;
export const MANIFESTS_REMEMBERED = 16;
