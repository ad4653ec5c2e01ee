// REST calls of the list of questions and of a batch's story.
import {
  type BatchStory,
  batchStorySchema,
  type Questions,
  questionsQuerySchema,
  questionsSchema,
} from '@manyhands/contract';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Answers, Subject } from '../http/described.js';
import { Costly } from '../http/read-budget.js';
import { QuestionsService } from './questions.service.js';

@Subject('statistics')
@Controller('api/v1')
export class QuestionsController {
  constructor(private readonly service: QuestionsService) {}

  @Get('questions')
  @Costly()
  @Answers(questionsSchema)
  list(@Query({ schema: questionsQuerySchema }) query: z.infer<typeof questionsQuerySchema>): Questions {
    return this.service.list(query);
  }

  @Get('batches/:batchId/story')
  @Costly()
  @Answers(batchStorySchema)
  story(@Param('batchId') batchId: string): BatchStory {
    return this.service.story(batchId);
  }
}
