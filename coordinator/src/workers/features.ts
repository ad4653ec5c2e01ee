// What this coordinator can do that earlier ones could not.
import { MANIFEST_BY_CID, UPLOADS_IN_PARTS } from '@manyhands/contract';

/** What newer workers and libraries may make use of. `computing`: `state` may tell which units the host computes. */
export const FEATURES: readonly string[] = ['computing', UPLOADS_IN_PARTS, MANIFEST_BY_CID];
