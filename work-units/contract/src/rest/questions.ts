// REST shapes of the list of questions and of a batch's story.
import { z } from 'zod';
import { unitCountsSchema } from './common.js';
import { handSchema, throughputSchema } from './hands.js';
import { projectSchema } from './projects.js';

const QUESTIONS_MAXIMUM = 100;

/** GET /api/v1/questions?limit=&after=: the projects that are not pending, last active first. `after`: the `next` of the page before, which may have fewer than `limit`. */
export const questionsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(QUESTIONS_MAXIMUM).default(20),
  after: z.string().max(80).optional(),
});

export const questionSchema = z.object({
  project: projectSchema,
  openBatches: z.int(),
  /** Over all batches of the project. */
  counts: unitCountsSchema,
  /** Accounts that answered or are at work, and those of them that are connected now. */
  people: z.object({ total: z.int(), online: z.int() }),
  /** Connected computers that work for the project or have worked for it. */
  computersOnline: z.int(),
  /** When a batch was last submitted, ended or answered; without any, when the project was founded. */
  lastActivityMs: z.int(),
});
export type Question = z.infer<typeof questionSchema>;

export const questionsSchema = z.object({
  nowMs: z.int(),
  questions: z.array(questionSchema),
  next: z.string().nullable(),
});
export type Questions = z.infer<typeof questionsSchema>;

/** GET /api/v1/batches/:batchId/story: the whole life of a batch, open or ended. */
export const batchStorySchema = z.object({
  nowMs: z.int(),
  /** From its first accepted unit to its last or, while it is open, to now: at most 60 points. */
  throughput: throughputSchema,
  /** Most accepted units first, at most 50. */
  hands: z.array(handSchema),
});
export type BatchStory = z.infer<typeof batchStorySchema>;
