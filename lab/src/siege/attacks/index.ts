// All attacks, in the order in which they are replayed.
import type { Attack } from '../attack.js';
import { aiming } from './aiming.js';
import { announcedBytes } from './announced-bytes.js';
import { checks } from './checks.js';
import { crowd } from './crowd.js';
import { forgedHeaders } from './forged-headers.js';
import { foundings } from './foundings.js';
import { lastingBytes } from './lasting-bytes.js';
import { logs } from './logs.js';
import { reads } from './reads.js';
import { sockets } from './sockets.js';
import { votes } from './votes.js';

export const ATTACKS: readonly Attack[] = [
  reads,
  sockets,
  announcedBytes,
  lastingBytes,
  forgedHeaders,
  foundings,
  checks,
  logs,
  aiming,
  votes,
  crowd,
];
