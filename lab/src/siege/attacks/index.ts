// All attacks, in the order in which they are replayed.
import type { Attack } from '../attack.js';
import { reads } from './reads.js';

export const ATTACKS: readonly Attack[] = [reads];
