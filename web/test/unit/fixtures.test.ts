// The recorded answers keep to the contract: a page that works with them works with a coordinator.
import {
  batchSchema,
  coordinatorInfoSchema,
  leaderboardSchema,
  outcomesSchema,
  peersSchema,
  projectOverviewSchema,
  projectSchema,
  statsSchema,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { completeBatch, openBatch, otherProject, plainBatch, project } from '../fixtures/answers.js';
import { answerOf, type Scene } from '../fixtures/coordinator-answers.js';

const overview = (id: string) => `/api/v1/projects/${id}/overview`;
const outcomes = (id: string) => `/api/v1/batches/${id}/outcomes?after=-1&limit=500&stdout=1`;
const QUESTIONS = [
  ['/api/v1/coordinator', coordinatorInfoSchema],
  ['/api/v1/stats', statsSchema],
  ['/api/v1/projects', projectSchema.array()],
  ['/api/v1/peers', peersSchema],
  ['/api/v1/leaderboard?kind=hosts&period=recent', leaderboardSchema],
  [overview(project.projectId), projectOverviewSchema],
  [overview(otherProject.projectId), projectOverviewSchema],
  [outcomes(openBatch.batchId), outcomesSchema],
  [outcomes(plainBatch.batchId), outcomesSchema],
] as const;

test.each(['running', 'complete', 'several', 'empty'] satisfies Scene[])('%s', (scene) => {
  for (const [path, schema] of QUESTIONS) {
    const checked = schema.safeParse(answerOf(scene, path));
    expect(checked.error?.issues, path).toBeUndefined();
  }
});

test('the counts of the recorded batches add up', () => {
  for (const batch of [openBatch, completeBatch, plainBatch]) {
    const { total, accepted, failed, checking, running, waiting } = batchSchema.parse(batch).counts;
    expect(accepted + failed + checking + running + waiting, batch.name).toBe(total);
  }
});
