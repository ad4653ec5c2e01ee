// Where the pages take their facts from: the same services that answer the REST calls.
import { Injectable } from '@nestjs/common';
import { BatchesRepository } from '../batches/batches.repository.js';
import { BatchesService } from '../batches/batches.service.js';
import { PublicAddress } from '../config/public-address.js';
import { Settings } from '../config/settings.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { QuestionsService } from '../questions/questions.service.js';
import { StatsService } from '../stats/stats.service.js';
import type { PageAddress } from './addresses.js';
import { joinPage, unknownPage } from './fixed-content.js';
import { homePage, QUESTIONS_SHOWN } from './home-content.js';
import { LEADERBOARD_ROWS_SHOWN, leaderboardPage } from './leaderboard-content.js';
import { networkPage } from './network-content.js';
import type { Page } from './page.js';
import { projectPage } from './project-content.js';

@Injectable()
export class PageFacts {
  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly projects: ProjectsRepository,
    private readonly batchRows: BatchesRepository,
    private readonly batches: BatchesService,
    private readonly stats: StatsService,
    private readonly questions: QuestionsService,
  ) {}

  publicUrl(): string {
    return this.address.url;
  }

  /** The address without what does not exist, or `unknown` when nothing is left: strangers cannot make up pages to be remembered. */
  known(address: PageAddress): PageAddress {
    if (address.name === 'project') return this.isProject(address) ? address : { name: 'unknown' };
    if (address.name !== 'join' || address.project === null) return address;
    const project = this.projects.findByName(address.project);
    return { name: 'join', project: project && project.state !== 'pending' ? project.name : null };
  }

  private isProject({ projectId, batchId }: { projectId: string; batchId: string | null }): boolean {
    if (batchId !== null) return this.batchRows.find(batchId)?.projectId === projectId;
    return this.projects.find(projectId) !== undefined;
  }

  /** The page of a known address. */
  page(address: PageAddress): Page {
    switch (address.name) {
      case 'home':
        return homePage(this.questions.list({ limit: QUESTIONS_SHOWN }));
      case 'project':
        return this.project(address.projectId, address.batchId);
      case 'leaderboard':
        return leaderboardPage(
          this.stats.leaderboard({ kind: address.kind, period: address.period, limit: LEADERBOARD_ROWS_SHOWN }),
        );
      case 'network':
        return networkPage(this.stats.peers(null), this.stats.stats(null));
      case 'join':
        return joinPage({ ...address, publicUrl: this.publicUrl(), coordinatorId: this.settings.coordinatorId });
      case 'unknown':
        return unknownPage();
    }
  }

  private project(projectId: string, batchId: string | null): Page {
    const overview = this.stats.overview(projectId);
    const newest = overview.batches.find(({ state }) => state === 'open') ?? overview.batches[0];
    const batch = batchId === null ? newest : this.batches.get(batchId);
    return projectPage({ overview, batch, helpers: this.questions.helpers(projectId), isBatchNamed: batchId !== null });
  }
}
