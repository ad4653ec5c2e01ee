// Port: where projects and invitations are kept.
import type { ProjectGenesis, ProjectId, ProjectTexts } from '@manyhands/contract';

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
};
/** `exists`: the same genesis was there already; `name-taken`: the name belongs to another one. */
export type CreatedProject = 'created' | 'exists' | 'name-taken' | 'invitation-refused' | 'too-many-pending';

export abstract class ProjectsRepository {
  abstract find(projectId: string): ProjectRow | undefined;
  abstract findByName(name: string): ProjectRow | undefined;
  /** A project of the key that is not pending; undefined when it has none. */
  abstract ownedBy(ownerKey: Uint8Array): ProjectId | undefined;
  /** Oldest first, after a row, read one by one as they are asked for; those that are pending only when they are wanted. */
  abstract list(query: { afterRowId: number; isPendingWanted: boolean; limit: number }): Iterable<ProjectRow>;
  /** Atomically creates a project and uses up its invitation. */
  abstract create(project: NewProject): Promise<CreatedProject>;
  abstract setState(projectId: string, state: ProjectState): Promise<void>;
  /** False when there are texts of that sequence or a higher one, or the project is in another state than the one given. */
  abstract putTexts(texts: ProjectTexts, envelope: Uint8Array, state: ProjectState): Promise<boolean>;
  /** Lets a project begin that is as it was read; false when its state or its texts have changed since. */
  abstract activate(read: Pick<ProjectRow, 'projectId' | 'state' | 'textsSequence'>): Promise<boolean>;
  abstract addInvitation(invitationHash: Uint8Array, expiresAtMs: number): Promise<void>;
}
