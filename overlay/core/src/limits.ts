// The bounds of the block exchange, each with its reason. LIMITS.md repeats the ones that people meet.

/** Requests to one peer at once: enough to fill a link of 100 ms round trip at 20 MB/s, few enough to leave no long queue behind a slow one. */
export const REQUESTS_PER_PEER_MAXIMUM = 4;
/** Requests to the seed at once. Small, so that many fetchers share out the blocks of a file evenly between them. */
export const REQUESTS_TO_ORIGIN_MAXIMUM = 3;
/** Requests to the HTTP gateway at once. */
export const REQUESTS_TO_GATEWAY_MAXIMUM = 4;
/** Requests of one swarm at once, which bounds memory to about as many MiB. */
export const REQUESTS_MAXIMUM = 16;
/** Requests of one swarm at once before anything is known of its speed. */
export const REQUESTS_FIRST = 6;
/** A block that comes so quickly lets the number of requests grow, … */
export const QUICK_MS = 1_000;
/** … and one that takes so long lets it shrink: a longer queue at slow peers only delays everyone. */
export const SLOW_MS = 2_000;
/** Blocks looked at at once: the rest of a large file waits, so that lists and scans stay short. */
export const ACTIVE_BLOCKS_MAXIMUM = 512;
/** Sessions with peers that one swarm opens. */
export const SESSIONS_PER_SWARM_MAXIMUM = 16;
/** Peers remembered in one swarm. */
export const KNOWN_PEERS_MAXIMUM = 256;
/** Identifiers offered to the seed in one claim. */
export const CLAIM_CIDS_MAXIMUM = 256;

// The following waits are the shortest ones: where blocks take long, the planner waits for a multiple of what they take (planner/pace.ts).

/** While blocks are wanted, time is looked at this often. */
export const TICK_MS = 250;
/** A request without a byte for so long is given to someone else. Generous, for a peer that serves several others at once. */
export const STALL_MS = 8_000;
/** A request never takes longer, however steadily bytes drip. 1 MiB in 60 s is 17 kB/s. */
export const REQUEST_MAXIMUM_MS = 60_000;
/** The gateway's own time limit is the driver's; this one catches a driver that never answers. */
export const GATEWAY_REQUEST_MAXIMUM_MS = 150_000;
/** A second source is asked for the last blocks when the first has taken so long. */
export const END_GAME_AFTER_MS = 3_000;
/** A seed that is not connected after so long is replaced by the gateway. */
export const ORIGIN_CONNECT_MS = 4_000;
/** How long a fetcher waits for peers to pass on blocks which the seed has already given to one of them. */
export const PATIENCE_MS = 6_000;
/** The same when no peer can be reached: several rounds of asking for peers, which announce themselves within a second or two. */
export const PATIENCE_ALONE_MS = 8_000;
/** As long as blocks keep coming in, patience lasts longer, up to this. */
export const PATIENCE_MAXIMUM_MS = 15_000;
/** Blocks that came in within this time count as progress. */
export const PROGRESS_MS = 2_000;
/** Without any block for so long, the gateway may be asked for blocks under way elsewhere. Longer than the patience above. */
export const SILENCE_MS = 10_000;
/** The seed is asked again for its other blocks after so long. */
export const CLAIM_RETRY_MS = 400;
/** Peers are looked for this often while blocks are wanted, and less often when there are enough. */
export const FIND_PEERS_MS = 1_200;
export const FIND_PEERS_RELAXED_MS = 5_000;
export const ENOUGH_PEERS = 8;
/** The first wait after a failure of a source; doubled up to the maximum. */
export const BACKOFF_MS = 500;
export const BACKOFF_MAXIMUM_MS = 15_000;
/** Failures in a row after which a peer is left alone for the rest of the fetch unless it comes back by itself. */
export const PEER_FAILURES_MAXIMUM = 3;
/** A block is given up after so many refusals of the gateway, … */
export const GATEWAY_MISSES_MAXIMUM = 3;
/** … or when it cannot be reached at all for so long. A restart of the coordinator is shorter. */
export const GIVE_UP_MS = 60_000;

/** Uploads at once, so that a home uplink is not cut into slivers. */
export const UPLOADS_MAXIMUM = 8;
/** Uploads of a seed at once; three quarters of them for one network, a quarter for one peer. */
export const SEED_UPLOADS_MAXIMUM = 32;
/** Requests of one peer that wait for their turn. */
export const QUEUED_PER_PEER_MAXIMUM = 16;
/** Wanted blocks remembered for one session. */
export const INTEREST_MAXIMUM = 4096;
/** Smaller blocks are given to everyone at once: asking a peer for them would cost more than sending them. */
export const SPREAD_MINIMUM_BYTES = 2 * 1024;
/** A block counts as given away for so long before it was fetched, … */
export const OFFER_LIFE_MS = 10_000;
/** … and for so long afterwards, while the peer that got it stays connected. */
export const COPY_LIFE_MS = 10 * 60_000;
