// What the spread scenario and its child processes tell each other.

/** To the process of the coordinator or of a worker. */
export type ToPart =
  | { type: 'coordinator'; dataDirectory: string }
  | { type: 'worker'; coordinatorUrl: string; dataDirectory: string; account: string }
  | { type: 'stop' };
export type FromPart =
  | { type: 'ready' }
  | { type: 'listening'; url: string; gatewayUrl: string }
  | { type: 'failed'; message: string };

/** To the process that loads the gateway or measures round trips. */
export type ToLoad =
  | { type: 'download'; urls: string[] }
  | { type: 'ping'; url: string; milliseconds: number }
  | { type: 'stop' };
export type FromLoad =
  | { type: 'ready' }
  | { type: 'moved'; bytes: number }
  | { type: 'measured'; roundTripsMs: number[] }
  | { type: 'failed'; message: string };
