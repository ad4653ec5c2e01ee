// Every error code of Manyhands with one sentence of documentation. Codes are stable: retired ones stay here as comments, never reused.

/** Who has to act on an error: a peer, the user, the platform (network, disk, operating system) or Manyhands itself. */
export type Fault = 'peer' | 'user' | 'platform' | 'self';

export type ErrorEntry = {
  /** One sentence that says what the code means. */
  readonly doc: string;
  readonly fault: Fault;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** The status of an HTTP answer that carries this code. */
  readonly httpStatus: number;
};

const entry = (doc: string, fault: Fault, httpStatus: number, retryable = false): ErrorEntry => ({
  doc,
  fault,
  retryable,
  httpStatus,
});

export const ERROR_CODES = {
  // General
  'MH-GEN-001': entry('An unexpected fault inside Manyhands.', 'self', 500),
  'MH-GEN-002': entry('The request does not have the documented shape.', 'user', 400),
  'MH-GEN-003': entry('Nothing is known under that name or identifier.', 'user', 404),
  'MH-GEN-004': entry('An operation did not finish within its time limit.', 'platform', 504, true),
  'MH-GEN-005': entry('The address cannot be reached or is not a Manyhands coordinator.', 'user', 502, true),
  'MH-GEN-006': entry('The port is already in use by another program.', 'user', 500),
  'MH-GEN-007': entry('The data folder was written by a newer version of Manyhands.', 'user', 500),
  'MH-GEN-008': entry('The data folder is in use by another process.', 'user', 500),
  'MH-GEN-009': entry('A command line option or argument is wrong.', 'user', 400),
  'MH-GEN-010': entry(
    'The disk is full or its reserve is used up; new work stops before accepted data is at risk.',
    'platform',
    507,
    true,
  ),
  'MH-GEN-011': entry('The request or frame is larger than its documented bound.', 'user', 413),
  'MH-GEN-012': entry('Too many requests of this kind in a short time.', 'user', 429, true),
  'MH-GEN-013': entry('A file could not be read or written.', 'user', 500),
  'MH-GEN-014': entry('The computer has run out of open files, memory or processes.', 'platform', 503, true),
  'MH-GEN-015': entry('The command needs a package that is not installed.', 'user', 501),
  // Signatures and encoding
  'MH-SIG-001': entry('The signature does not verify.', 'peer', 401),
  'MH-SIG-002': entry('The signed object is not strict DAG-CBOR of its schema.', 'peer', 400),
  'MH-SIG-003': entry('The public key is malformed, non-canonical or of small order.', 'peer', 400),
  'MH-SIG-004': entry('The object was signed by another key than the one that must sign it.', 'peer', 403),
  'MH-SIG-005': entry('The signed request is too old or from the future; check the clock.', 'user', 401, true),
  'MH-SIG-006': entry('The signed request was already used once.', 'peer', 401),
  'MH-SIG-007': entry('The coordinator at this address has another key than the one pinned at joining.', 'peer', 403),
  'MH-SIG-008': entry('This call needs a signature or a token.', 'user', 401),
  // Blocks
  'MH-BLK-001': entry('The bytes of a block do not match its hash.', 'peer', 400),
  'MH-BLK-002': entry('A block is larger than 1 MiB.', 'user', 413),
  'MH-BLK-003': entry('The block is not available from any source.', 'platform', 404, true),
  'MH-BLK-004': entry('A content identifier is malformed.', 'user', 400),
  'MH-BLK-005': entry('The quota of the block store is used up.', 'platform', 507, true),
  // Projects, apps, batches
  'MH-PRJ-001': entry('A project of that name exists already with another key.', 'user', 409),
  'MH-PRJ-002': entry('Creating a project here needs an invitation or the approval of the operator.', 'user', 403),
  'MH-PRJ-003': entry('The project is paused or not yet approved.', 'user', 403, true),
  'MH-PRJ-004': entry('The project has used up its quota.', 'user', 403),
  'MH-PRJ-005': entry(
    'The project does not state the licence of its inputs and of its results, a contact and who runs it.',
    'user',
    409,
  ),
  'MH-PRJ-006': entry('The project has texts of this sequence or a higher one already.', 'user', 409),
  'MH-PRJ-007': entry(
    'The project exists already with other texts; creating it again does not change them.',
    'user',
    409,
  ),
  'MH-PRJ-008': entry('The project was approved once, and cannot be rejected any more; it can be paused.', 'user', 409),
  'MH-APP-001': entry('The app version is still being checked.', 'user', 409, true),
  'MH-APP-002': entry('The app version was refused or stopped.', 'user', 409),
  'MH-APP-003': entry(
    'The module that the app version names differs from what the pinned pipeline makes of it.',
    'user',
    400,
  ),
  'MH-APP-004': entry(
    'This worker does not keep the host ABI, instrumenter or cost table that the app version is pinned to. Upgrade it.',
    'user',
    409,
  ),
  'MH-BAT-001': entry('A batch of that name exists already with other contents.', 'user', 409),
  'MH-BAT-002': entry('The manifest names blocks that the coordinator does not have.', 'user', 409, true),
  'MH-BAT-003': entry('The manifest is inconsistent with its pages or its app version.', 'user', 400),
  'MH-BAT-004': entry('The batch was cancelled, has expired, or its program was stopped by the operator.', 'user', 409),
  'MH-BAT-005': entry('An input is larger than the limit.', 'user', 413),
  'MH-BAT-006': entry('Two units have the same name.', 'user', 400),
  'MH-BAT-007': entry('There are no inputs: the pattern matches nothing.', 'user', 400),
  'MH-BAT-008': entry('Some units of the batch failed.', 'user', 409),
  'MH-BAT-009': entry(
    'The result is not (or no longer) available; it was not accepted or has been removed.',
    'user',
    404,
  ),
  'MH-BAT-010': entry(
    'The batch is complete: a higher quorum needs a batch of another name, whose units are computed again.',
    'user',
    409,
  ),
  'MH-BAT-011': entry('A file that Manyhands did not write is in the way of a result.', 'user', 409),
  // Accounts and hosts
  'MH-ACC-001': entry('The one-time code is unknown, used or expired.', 'user', 403),
  'MH-ACC-002': entry('The account does not exist or was deleted.', 'user', 404),
  'MH-HST-001': entry('The host is banned by the operator.', 'user', 403),
  // Protocol
  'MH-WIR-001': entry('The frame is not a message of the protocol.', 'peer', 400),
  'MH-WIR-002': entry(
    'The versions of worker and coordinator have nothing in common; one of them must be upgraded.',
    'user',
    426,
  ),
  'MH-WIR-003': entry('A message came out of order, before the handshake was complete.', 'peer', 400),
  'MH-WIR-004': entry('The coordinator is busy; ask again after the given time.', 'platform', 503, true),
  'MH-WIR-005': entry('The same host is connected already; the older connection ends.', 'user', 409),
  'MH-WIR-006': entry(
    'Two workers use the same key: the data folder of one is a copy of the other’s. Run `manyhands worker new-host` for one of them.',
    'user',
    409,
  ),
  'MH-WIR-007': entry(
    'The coordinator ended the connection, because it was stopped or for another reason.',
    'platform',
    503,
    true,
  ),
  // Leases and receipts
  'MH-LSE-001': entry('The lease is unknown, has ended or belongs to another host.', 'peer', 409),
  'MH-LSE-002': entry(
    'The unit is not part of the lease; a receipt that speaks of such a unit is refused whole.',
    'peer',
    409,
  ),
  'MH-RCP-001': entry('The receipt was already recorded; nothing changes.', 'peer', 409),
  'MH-RCP-002': entry('The receipt came after its lease had ended and its unit was settled.', 'peer', 409),
  'MH-RCP-003': entry('The result does not match the digest in its receipt.', 'peer', 400),
  'MH-RCP-004': entry(
    'The receipt contradicts an earlier one of the same host for the same unit, or names a unit twice.',
    'peer',
    409,
  ),
  'MH-RCP-005': entry(
    'The receipt names another app version or build than its lease, or fuel that the unit cannot have used.',
    'peer',
    400,
  ),
  'MH-RCP-006': entry(
    'The host has brought about as many lasting bytes as it may without others confirming its results; it keeps what it has, and sends it after the given time.',
    'platform',
    429,
    true,
  ),
  'MH-RCP-007': entry(
    'The receipt repeats so much that is known that it is not kept; what is known is answered, the rest is sent again by itself.',
    'peer',
    409,
    true,
  ),
  // Uploads in parts
  'MH-UPL-001': entry('The part does not begin where the durable bytes of the upload end.', 'peer', 409, true),
  'MH-UPL-002': entry('The parts of an upload do not add up to what was announced; it begins anew.', 'peer', 400, true),
  // The way to the coordinator
  'MH-NET-001': entry('Something else than a Manyhands coordinator answered.', 'user', 502, true),
  'MH-NET-002': entry('A proxy in front of the coordinator refuses calls of this size.', 'user', 502, true),
  'MH-NET-003': entry(
    'The network asks for a login, or sends callers to another address: the coordinator is not reached.',
    'user',
    502,
    true,
  ),
  'MH-NET-004': entry('A proxy in front of the coordinator does not pass WebSockets on.', 'user', 502, true),
  'MH-NET-005': entry('A proxy answered that it cannot reach the coordinator just now.', 'platform', 502, true),
  // Why there is no work (reasons of «later»)
  'MH-LTR-001': entry('There is no open unit in the projects that the host chose.', 'platform', 200, true),
  'MH-LTR-002': entry('The open units wait for a host of another account, on another network.', 'platform', 200, true),
  'MH-LTR-003': entry('The open units need more memory than the host offers.', 'user', 200, true),
  'MH-LTR-004': entry('The open units would take longer than the host has time for.', 'user', 200, true),
  'MH-LTR-005': entry('The coordinator is short of disk space and gives out no new work.', 'platform', 200, true),
  'MH-LTR-006': entry(
    'The host has as many units as it may have: two at first, more with each result that agrees with others.',
    'user',
    200,
    true,
  ),
  'MH-LTR-007': entry('The host failed too often lately and gets new work slowly.', 'user', 200, true),
  'MH-LTR-008': entry(
    'A lease of the host ran out: it has a unit, and gets twice as many with each result that it hands in.',
    'platform',
    200,
    true,
  ),
  // Why a unit failed for good, or is held
  'MH-VAL-001': entry('The unit failed in the same way on as many hosts as must agree.', 'user', 200),
  'MH-VAL-002': entry('The hosts disagreed until the limit of replicas was reached.', 'user', 200),
  'MH-VAL-003': entry('Too many hosts could not run the unit.', 'user', 200),
  'MH-VAL-004': entry('The batch was cancelled.', 'user', 200),
  'MH-VAL-005': entry('The batch expired before the unit was done.', 'user', 200),
  'MH-VAL-006': entry('The app version was stopped.', 'user', 200),
  'MH-VAL-007': entry('This host gave another answer than the hosts that agreed.', 'peer', 200),
  'MH-VAL-008': entry(
    'The unit ran out of time on hosts of four accounts in four networks, which deliver other work.',
    'user',
    200,
  ),
  // The sandbox
  'MH-SBX-001': entry('The sandbox that is required cannot stand on this computer.', 'user', 501),
} as const satisfies Record<string, ErrorEntry>;
