// Port: where projects and invitations are kept.
import type { ProjectGenesis, ProjectId, ProjectTexts } from '@manyhands/contract';
import { ProjectOwners } from '../auth/known-callers.js';

export type ProjectState = 'pending' | 'active' | 'paused';
export type ProjectRow = {
  rowId: number;
  projectId: ProjectId;
  name: string;
  title: string;
  question: string;
  description: string;
  inputLicence: string;
  resultLicence: string;
  contact: string;
  runBy: string;
  /** Of the signed texts that the words above come from; 0: from the genesis. */
  textsSequence: number;
  /** The signed texts as received. */
  texts: Uint8Array | null;
  ownerKey: Uint8Array;
  /** The signed founding record, for anyone to verify. */
  genesis: Uint8Array;
  state: ProjectState;
  /** It was active once: it is public, and its name is its own for good. */
  isApproved: boolean;
  /** Came with an invitation: it needs no approval, only its facts. */
  isInvited: boolean;
  createdAtMs: number;
  /** Sum of the blocks that this project put. */
  blockBytes: number;
};
export type NewProject = {
  projectId: ProjectId;
  genesis: ProjectGenesis;
  envelope: Uint8Array;
  isActive: boolean;
  invitationHash: Uint8Array | null;
  nowMs: number;
  /** A name for the network that it comes from. */
  network: string;
  /** Asked of a project that comes without an invitation, when it would be new; counts it. */
  mayBeFounded(): boolean;
};
/**
 * `exists`: the same genesis was there already; `name-taken`: the name belongs to another one, perhaps in another case; `too-many-founded`: its network has
 * had its share of the hour; `too-many-pending`: as many wait as may, and no network has more of them than this one.
 */
export type CreatedProject =
  | 'created'
  | 'exists'
  | 'name-taken'
  | 'invitation-refused'
  | 'too-many-founded'
  | 'too-many-pending';

export abstract class ProjectsRepository extends ProjectOwners {
  abstract find(projectId: string): ProjectRow | undefined;
  abstract findByName(name: string): ProjectRow | undefined;
  /** Oldest first, after a row, read one by one as they are asked for; those that were never approved only when they are wanted. */
  abstract list(query: { afterRowId: number; isPendingWanted: boolean; limit: number }): Iterable<ProjectRow>;
  /** Atomically creates a project and uses up its invitation. */
  abstract create(project: NewProject): Promise<CreatedProject>;
  /** False when it is in another state than the one given. */
  abstract setState(projectId: string, from: ProjectState, to: ProjectState): Promise<boolean>;
  /** Removes a project that was never approved, and frees its name; false when it was, or is not there. */
  abstract remove(projectId: string): Promise<boolean>;
  /** Removes those that came without an invitation before then, and were never approved. */
  abstract removeWaiting(createdBeforeMs: number): Promise<void>;
  /** False when there are texts of that sequence or a higher one, or the project is in another state than the one given. */
  abstract putTexts(texts: ProjectTexts, envelope: Uint8Array, state: ProjectState): Promise<boolean>;
  /** Lets a project begin that is as it was read; false when its state or its texts have changed since. */
  abstract activate(read: Pick<ProjectRow, 'projectId' | 'state' | 'textsSequence'>): Promise<boolean>;
  abstract addInvitation(invitationHash: Uint8Array, expiresAtMs: number): Promise<void>;
}
