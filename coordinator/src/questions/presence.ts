// How many of those who help a project are connected now. What connected accounts helped is remembered, so that asking costs no search.
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HostsService } from '../core/hosts/hosts.service.js';
import { UnitsService } from '../core/units/units.service.js';
import { QuestionsRepository } from './questions.repository.js';

export type Present = { people: number; computers: number };

@Injectable()
export class Presence implements OnModuleDestroy {
  /** Projects of connected accounts. */
  private projects = new Map<number, Set<number>>();
  private readonly stop: () => void;

  constructor(
    private readonly questions: QuestionsRepository,
    private readonly hosts: HostsService,
    units: UnitsService,
  ) {
    this.stop = units.onNewHand(({ accountRowId, projectRowId }) => this.projects.get(accountRowId)?.add(projectRowId));
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /** By project; those with nobody are left out. */
  byProject(): ReadonlyMap<number, Present> {
    const known = new Map<number, Set<number>>();
    const present = new Map<number, Present>();
    for (const [accountRowId, computers] of this.hosts.onlineByAccount()) {
      const projects = this.projects.get(accountRowId) ?? new Set(this.questions.projectsOf(accountRowId));
      known.set(accountRowId, projects);
      for (const projectRowId of projects) {
        const before = present.get(projectRowId) ?? { people: 0, computers: 0 };
        present.set(projectRowId, { people: before.people + 1, computers: before.computers + computers });
      }
    }
    this.projects = known;
    return present;
  }
}
