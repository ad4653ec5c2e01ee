// The contract: everything that the parts of Manyhands say to each other. Browser-safe.

export { createSha256, sha256, verifyBytes } from '#crypto';
export {
  bareHost,
  bracketed,
  isIpv6,
  isLoopback,
  networkOf,
  placeOf,
  plainAddress,
  siteOf,
} from './addresses/ip-address.js';
export { type OverlayPlace, overlayAddressAt, overlayPlaceOf } from './addresses/overlay-address.js';
export { type Reach, reachOf } from './addresses/reach.js';
export { concatBytes, equalBytes, fromBase64Url, toBase32, toBase64Url, utf8Bytes } from './encoding/bytes.js';
export { decodeDagCbor, decodeDagCborStrictly, encodeDagCbor } from './encoding/dag-cbor.js';
export { ERROR_CODES, type ErrorEntry, type Fault } from './errors/codes.js';
export { ENGINE_ERROR_CODES } from './errors/engine-codes.js';
export { type ErrorCode, errorEntry, isErrorCode } from './errors/error-code.js';
export {
  type ErrorBody,
  type ErrorMeta,
  fileError,
  isManyhandsError,
  ManyhandsError,
} from './errors/manyhands-error.js';
export { shapeTrouble } from './errors/shape-words.js';
export { fileTrouble, fileTroubleCode, networkTrouble } from './errors/system-errors.js';
export {
  type Cid,
  cidSchema,
  createRawCid,
  dagCborCidOf,
  matchesCid,
  parseCid,
  rawCidOf,
  rawCidOfDigest,
} from './ids/cid.js';
export {
  type AccountId,
  type AppVersionId,
  accountIdOf,
  accountIdSchema,
  anonymousAccountIdOf,
  appVersionIdOf,
  appVersionIdSchema,
  type BatchId,
  batchIdOf,
  batchIdSchema,
  type CoordinatorId,
  coordinatorIdOf,
  coordinatorIdSchema,
  type HostId,
  hostIdOf,
  hostIdSchema,
  type LeaseId,
  leaseIdOf,
  leaseIdSchema,
  type ProjectId,
  projectIdOf,
  projectIdSchema,
} from './ids/ids.js';
export * from './limits.js';
export {
  type AppVersion,
  appVersionSchema,
  type Build,
  buildSchema,
  COST_TABLE,
  firstBuildOf,
  HOST_ABI,
  INSTRUMENTER,
  markSpacingOf,
  moduleOf,
} from './manifest/app-version.js';
export {
  type Block,
  decodeFileList,
  encodeFileList,
  type FileList,
  type FileRef,
  fileListSchema,
  fileRefSchema,
  hasFileList,
  splitFile,
} from './manifest/file-ref.js';
export {
  decodeManifestPage,
  encodeManifestPage,
  type ManifestPage,
  type ManifestRoot,
  manifestPageSchema,
  manifestRootSchema,
  type UnitDescriptor,
  unitDescriptorSchema,
} from './manifest/manifest.js';
export {
  argumentSchema,
  factSchema,
  filePathSchema,
  labelSchema,
  proseSchema,
  slugSchema,
  visibleLabelSchema,
} from './manifest/names.js';
export { type Presentation, presentationSchema } from './manifest/presentation.js';
export {
  type AccountDelegation,
  type AccountGenesis,
  accountDelegationSchema,
  accountGenesisSchema,
  type BatchPolicy,
  batchPolicySchema,
  type ProjectGenesis,
  type ProjectTexts,
  projectGenesisSchema,
  projectTextsSchema,
} from './manifest/records.js';
export { type UnitCall, unitCallOf } from './manifest/unit-call.js';
export { unitSeedOf } from './manifest/unit-seed.js';
export {
  isMerkleIncluded,
  type MerkleInclusion,
  merkleLeafHash,
  merkleNodeHash,
  merkleProof,
  merkleRoot,
} from './merkle/merkle-tree.js';
export { accountCodeSchema, accountSchema, createAccountSchema } from './rest/accounts.js';
export {
  type Batch,
  batchSchema,
  batchStateSchema,
  type Outcome,
  outcomeSchema,
  outcomesQuerySchema,
  outcomesSchema,
  putPolicySchema,
  replicaSchema,
  retriedUnitsSchema,
  retryUnitsSchema,
  submitBatchSchema,
  type Unit,
  unitSchema,
  unitsQuerySchema,
  unitsSchema,
} from './rest/batches.js';
export {
  base64UrlSchema,
  errorBodySchema,
  type UnitCounts,
  type UnitState,
  unitCountsSchema,
  unitStateSchema,
} from './rest/common.js';
export { type CoordinatorInfo, coordinatorInfoSchema } from './rest/coordinator.js';
export { type ForeignAnswer, foreignAnswer, refusedWebSocket } from './rest/foreign-answer.js';
export { type Hand, handSchema } from './rest/hands.js';
export {
  invitationSchema,
  type OperatorHost,
  operatorHostsQuerySchema,
  operatorHostsSchema,
  reasonSchema,
} from './rest/operator.js';
export { linkToNext, nextOf, type PageQuery, pageQuerySchema } from './rest/paging.js';
export {
  type AppVersionStatus,
  appVersionStatusSchema,
  createProjectSchema,
  missingBlocksRequestSchema,
  missingBlocksSchema,
  type Project,
  projectSchema,
  projectStateSchema,
  publishAppVersionSchema,
  putTextsSchema,
} from './rest/projects.js';
export {
  type BatchStory,
  batchStorySchema,
  type Question,
  type Questions,
  questionSchema,
  questionsQuerySchema,
  questionsSchema,
} from './rest/questions.js';
export {
  type Leaderboard,
  leaderboardQuerySchema,
  leaderboardSchema,
  type Peers,
  type ProjectOverview,
  peersSchema,
  projectOverviewSchema,
  type Stats,
  statsSchema,
} from './rest/stats.js';
export { unreachable } from './rest/unreachable.js';
export {
  MANIFEST_BY_CID,
  partQuerySchema,
  UPLOADS_IN_PARTS,
  type UploadKind,
  type UploadState,
  uploadKindSchema,
  uploadPathOf,
  uploadQuerySchema,
  uploadStateSchema,
} from './rest/uploads.js';
export { createBundleCheck } from './results/bundle-check.js';
export { creditMilliOf, FUEL_PER_COBBLESTONE } from './results/credit.js';
export { formatFuel } from './results/fuel-words.js';
export {
  describeResult,
  digestResult,
  encodeBundle,
  openBundle,
  type ResultRecord,
  readBundleRecord,
  resultRecordSchema,
  type UnitResult,
} from './results/result.js';
export { type Opened, open, type SignatureContext, type SignedType, seal } from './signatures/envelope.js';
export { type KeyPair, keyPairOfSeed } from './signatures/key-pair.js';
export {
  type CheckedHead,
  type CheckedToken,
  checkRequestHead,
  checkRequestToken,
  createRequestToken,
  REQUEST_FRESHNESS_MS,
  type SignedCall,
} from './signatures/request-token.js';
export { afterAwake, awakeNowMs, awakeTimeout, onWaking } from './time/awake.js';
export { AWAKE_STEP_MS, AwakeClock, type ClockReading } from './time/awake-clock.js';
export { CoordinatorClock } from './time/coordinator-clock.js';
export { coordinatorAddress, coordinatorUrlOf, listenAddress, listenHost } from './typed-addresses.js';
export { type CheckpointOffer, checkpointOfferSchema } from './wire/checkpoint-offer.js';
export {
  type DecodedMessage,
  decodeToCoordinator,
  decodeToWorker,
  encodeMessage,
  MESSAGES,
  type MessageOf,
  type MessageToCoordinator,
  type MessageToWorker,
  type MessageType,
} from './wire/codec.js';
export { PROTOCOL_MAXIMUM, PROTOCOL_MINIMUM } from './wire/definition.js';
export { type HandOver, handOverSchema } from './wire/hand-over.js';
export {
  type AccountBinding,
  accountBindingSchema,
  challengePayloadSchema,
  type HostProof,
  hostProofSchema,
} from './wire/handshake.js';
export { HELD_LEASES_MAXIMUM, type Lease, leaseSchema, unitIndexSchema, unitRangeSchema } from './wire/leases.js';
export { type OverlayNode, overlayNodeSchema, overlayRecordSchema } from './wire/overlay.js';
export {
  type LeaseProgress,
  leaseProgressSchema,
  type Progress,
  progressSchema,
} from './wire/progress.js';
export {
  type FailureItem,
  failureItemSchema,
  type Receipt,
  type ReceiptStatus,
  receiptSchema,
  receiptStatusSchema,
  type SuccessItem,
  successItemSchema,
} from './wire/receipts.js';
export { plainEvent } from './words/plain-event.js';
export { jsonLine } from './words/plain-text.js';
