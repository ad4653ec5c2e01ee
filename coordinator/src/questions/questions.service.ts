// The list of questions, last active first, and the story of one batch.
import {
  type BatchStory,
  ManyhandsError,
  type Question,
  type Questions,
  type questionsQuerySchema,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { BatchesService } from '../batches/batches.service.js';
import { pointsUntil } from '../core/domain/histogram.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { withWaiting } from '../core/units/unit-views.js';
import { briefly } from '../http/briefly.js';
import { shown, takePage } from '../http/domain/page-bounds.js';
import { ProjectsService } from '../projects/projects.service.js';
import { HandsService } from './hands.service.js';
import { Presence, type Present } from './presence.js';
import { type QuestionPosition, type QuestionRow, QuestionsRepository } from './questions.repository.js';

const LIFETIME_MS = 500;
/** Anybody can make up positions to ask from, and a hundred projects with all their texts are megabytes. */
const PAGES_HELD_MAXIMUM = 20;
const START: QuestionPosition = { lastActivityMs: Number.MAX_SAFE_INTEGER, projectRowId: Number.MAX_SAFE_INTEGER };
const NO_POINTS: BatchStory['throughput'] = { intervalMs: 1000, points: [] };
/** How many people helped, and who of them is here now. */
export type Helpers = Pick<Question, 'people' | 'computersOnline'>;
type Around = { present: ReadonlyMap<number, Present>; openBatches: ReadonlyMap<number, number> };

@Injectable()
export class QuestionsService {
  readonly list = briefly(
    LIFETIME_MS,
    (query: z.infer<typeof questionsQuerySchema>) => this.listNow(query),
    PAGES_HELD_MAXIMUM,
  );
  readonly story = briefly(LIFETIME_MS, (batchId: string) => this.tell(batchId));
  private readonly around = briefly(LIFETIME_MS, (_key: null): Around => {
    return { present: this.presence.byProject(), openBatches: this.questions.openBatches() };
  });

  constructor(
    private readonly questions: QuestionsRepository,
    private readonly projects: ProjectsService,
    private readonly batches: BatchesService,
    private readonly hands: HandsService,
    private readonly presence: Presence,
    private readonly running: RunningUnits,
  ) {}

  private listNow({ limit, after }: z.infer<typeof questionsQuerySchema>): Questions {
    const rows = this.questions.page(after === undefined ? START : this.positionOf(after), limit + 1);
    const around = this.around(null);
    const { taken, isMore } = takePage(
      shown(rows, (row) => this.show(row, around)),
      limit,
    );
    const last = isMore ? taken.at(-1) : undefined;
    return {
      nowMs: Date.now(),
      questions: taken,
      next: last ? `${last.lastActivityMs}-${last.project.projectId}` : null,
    };
  }

  private show(row: QuestionRow, { present, openBatches }: Around): Question {
    const { projectRowId, projectId, people, lastActivityMs, ...counts } = row;
    return {
      project: this.projects.get(projectId),
      openBatches: openBatches.get(projectRowId) ?? 0,
      counts: this.running.shown(withWaiting(counts), { projectRowId }),
      ...helpers(people, present.get(projectRowId)),
      lastActivityMs,
    };
  }

  /** All of them, unlike the list of hands. Throws MH-GEN-003. */
  helpers(projectId: string): Helpers {
    const { rowId } = this.projects.require(projectId);
    return helpers(this.questions.people(rowId), this.around(null).present.get(rowId));
  }

  /** Throws MH-GEN-002. */
  private positionOf(after: string): QuestionPosition {
    const [, ms = '', projectId = ''] = /^(\d{1,15})-(\w+)$/.exec(after) ?? [];
    if (projectId === '')
      throw new ManyhandsError('MH-GEN-002', { message: '`after` must be the `next` of the page before.' });
    return { lastActivityMs: Number(ms), projectRowId: this.projects.require(projectId).rowId };
  }

  private tell(batchId: string): BatchStory {
    const { rowId, completedAtMs } = this.batches.require(batchId);
    const nowMs = Date.now();
    const histogram = this.questions.histogram(rowId);
    return {
      nowMs,
      throughput: histogram ? pointsUntil(histogram, completedAtMs ?? nowMs) : NO_POINTS,
      hands: this.hands.list('batch', rowId),
    };
  }
}

function helpers(total: number, present: Present | undefined): Helpers {
  return { people: { total, online: present?.people ?? 0 }, computersOnline: present?.computers ?? 0 };
}
