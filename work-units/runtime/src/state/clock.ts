// Time inside a unit stands still, so that no result can depend on when or how fast it was computed.

/** 2000-01-01T00:00:00Z in nanoseconds since 1970: what the realtime and monotonic clocks always say, and every file's time. */
export const FIXED_TIME_NS = 946_684_800_000_000_000n;
/** What the clocks of processor time always say. */
export const FIXED_PROCESSOR_TIME_NS = 0n;
/** The resolution that clock_res_get reports. */
export const CLOCK_RESOLUTION_NS = 1_000n;
