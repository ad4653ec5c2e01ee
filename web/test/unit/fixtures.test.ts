// The recorded answers keep to the contract: a page that works with them works with a coordinator.
import {
  batchSchema,
  batchStorySchema,
  coordinatorInfoSchema,
  leaderboardSchema,
  outcomesSchema,
  peersSchema,
  projectOverviewSchema,
  questionsSchema,
  statsSchema,
} from '@manyhands/contract';
import { expect, test } from 'vitest';
import { otherProject, plainBatch } from '../fixtures/answers.js';
import { answerOf, projectOf, SCENES } from '../fixtures/coordinator-answers.js';

const overview = (id: string) => `/api/v1/projects/${id}/overview`;
const outcomes = (id: string) => `/api/v1/batches/${id}/outcomes?after=-1&limit=500&stdout=1`;
const ASKED = [
  ['/api/v1/coordinator', coordinatorInfoSchema],
  ['/api/v1/stats', statsSchema],
  ['/api/v1/questions', questionsSchema],
  ['/api/v1/questions?after=page-2', questionsSchema],
  ['/api/v1/peers', peersSchema],
  ['/api/v1/leaderboard?kind=hosts&period=recent', leaderboardSchema],
  [overview(otherProject.projectId), projectOverviewSchema],
  [outcomes(plainBatch.batchId), outcomesSchema],
] as const;

test.each(SCENES)('%s', (scene) => {
  const own = scene === 'empty' ? undefined : answerOf(scene, overview(projectOf(scene).projectId));
  const batches = own ? projectOverviewSchema.parse(own).batches : [];
  const ofBatches = batches.flatMap(({ batchId }) => [
    [`/api/v1/batches/${batchId}`, batchSchema] as const,
    [`/api/v1/batches/${batchId}/story`, batchStorySchema] as const,
    [outcomes(batchId), outcomesSchema] as const,
  ]);
  for (const [path, schema] of [...ASKED, ...ofBatches]) {
    const checked = schema.safeParse(answerOf(scene, path));
    expect(checked.error?.issues, path).toBeUndefined();
  }
  for (const batch of [...batches, plainBatch]) {
    const { total, accepted, failed, checking, running, waiting } = batch.counts;
    expect(accepted + failed + checking + running + waiting, batch.name).toBe(total);
  }
});
