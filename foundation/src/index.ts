// What the processes on Node share; see README.md.
export { type AddressRanges, addressRanges } from './address-ranges.js';
export { type Place, Places } from './admission.js';
export { Arrivals, later } from './arrivals.js';
export { BoundedMap } from './bounded-map.js';
export { type CallerOptions, Callers } from './callers.js';
export { NetworkBudget } from './network-budget.js';
export { networksOf } from './networks.js';
export { Pace } from './pace.js';
export { type Reservation, Reservations } from './reservations.js';
export { LISTEN_BACKLOG, ServerPlaces } from './server-places.js';
export { type Rate, TokenBucket } from './token-bucket.js';
export { PROXY_HEADERS, type ProxyHeader } from './trusted-proxies.js';
export { Turns } from './turns.js';
