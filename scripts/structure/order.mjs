// The orders of folders, lowest first: no folder imports one that stands behind it. ARCHITECTURE.md says why they stand so.

/** By the folder that holds them. */
export const ORDERS = {
  'coordinator/src': [
    ...['config', 'counters', 'background', 'admission', 'auth', 'http', 'core', 'workers', 'seed', 'projects'],
    ...['blocks', 'apps', 'batches', 'accounts', 'questions', 'stats', 'pages', 'results', 'metrics', 'health'],
    ...['retention', 'storage', 'backup', 'operator'],
  ],
  'coordinator/src/core': [
    ...['domain', 'ports', 'standing', 'results', 'uploads', 'lasting', 'connections', 'credits', 'units', 'leases'],
    ...['hosts', 'validation', 'checkpoints'],
  ],
};

/** What is still to be untied: folders that import each other, as `package: folder and folder`. Nothing may be added. */
export const KNOWN_PAIRS = ['coordinator/src: core and storage'];
/** Arrows against an order that are still there. */
export const KNOWN_UPWARDS = ['coordinator/src: core to storage'];
