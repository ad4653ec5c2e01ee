// Where the pages take their facts from: the same services that answer the REST calls.
import { Injectable } from '@nestjs/common';
import { BatchesRepository } from '../batches/batches.repository.js';
import { BatchesService } from '../batches/batches.service.js';
import { PublicAddress } from '../config/public-address.js';
import { Settings } from '../config/settings.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { StatsService } from '../stats/stats.service.js';
import type { PageAddress } from './addresses.js';
import { joinPage, unknownPage } from './fixed-content.js';
import { type AskedQuestion, homePage } from './home-content.js';
import { LEADERBOARD_ROWS_SHOWN, leaderboardPage } from './leaderboard-content.js';
import { networkPage } from './network-content.js';
import type { Page } from './page.js';
import { projectPage } from './project-content.js';

const QUESTIONS_SHOWN = 20;

@Injectable()
export class PageFacts {
  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly projects: ProjectsRepository,
    private readonly batchRows: BatchesRepository,
    private readonly batches: BatchesService,
    private readonly stats: StatsService,
  ) {}

  publicUrl(): string {
    return this.address.url;
  }

  /** The address with nothing in it that does not exist, so that strangers cannot make up pages to be remembered. */
  known(address: PageAddress): PageAddress {
    if (address.name !== 'project') return address;
    if (!this.projects.find(address.projectId)) return { name: 'unknown' };
    const batch = address.batchId === null ? undefined : this.batchRows.find(address.batchId);
    return { ...address, batchId: batch?.projectId === address.projectId ? batch.batchId : null };
  }

  /** The page of a known address. */
  page(address: PageAddress): Page {
    switch (address.name) {
      case 'home':
        return homePage(this.questions());
      case 'project':
        return this.project(address.projectId, address.batchId);
      case 'leaderboard':
        return leaderboardPage(
          this.stats.leaderboard({ kind: address.kind, period: address.period, limit: LEADERBOARD_ROWS_SHOWN }),
        );
      case 'network':
        return networkPage(this.stats.peers(null), this.stats.stats(null));
      case 'join':
        return joinPage(this.publicUrl(), this.settings.coordinatorId);
      case 'unknown':
        return unknownPage();
    }
  }

  private questions(): AskedQuestion[] {
    const newest = this.projects.listPublic().slice(-QUESTIONS_SHOWN).reverse();
    return newest.map(({ projectId }) => {
      const { project, batches, hands } = this.stats.overview(projectId);
      const sum = (state: 'total' | 'accepted') => batches.reduce((all, { counts }) => all + counts[state], 0);
      const here = hands.filter(({ isOnline }) => isOnline);
      return {
        project,
        counts: { total: sum('total'), accepted: sum('accepted') },
        people: hands.length,
        computersOnline: here.reduce((all, { hosts }) => all + hosts, 0),
      };
    });
  }

  private project(projectId: string, batchId: string | null): Page {
    const overview = this.stats.overview(projectId);
    const batch = batchId === null ? overview.batches[0] : this.batches.get(batchId);
    return projectPage({ overview, batch, isBatchNamed: batchId !== null });
  }
}
