// Port: where projects and invitations are kept.
import type { ProjectGenesis, ProjectId } from '@manyhands/contract';

export type ProjectState = 'pending' | 'active' | 'paused';
export type ProjectRow = {
  rowId: number;
  projectId: ProjectId;
  name: string;
  title: string;
  question: string;
  description: string;
  ownerKey: Uint8Array;
  /** The signed founding record, for anyone to verify. */
  genesis: Uint8Array;
  state: ProjectState;
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
  /** All but pending ones, oldest first. */
  abstract listPublic(): ProjectRow[];
  abstract listAll(): ProjectRow[];
  /** Atomically creates a project and uses up its invitation. */
  abstract create(project: NewProject): Promise<CreatedProject>;
  abstract setState(projectId: string, state: ProjectState): Promise<void>;
  abstract addInvitation(invitationHash: Uint8Array, expiresAtMs: number): Promise<void>;
}
