// REST calls of a batch's units and outcomes.
import {
  outcomesQuerySchema,
  outcomesSchema,
  type Unit,
  unitIndexSchema,
  unitSchema,
  unitsQuerySchema,
  unitsSchema,
} from '@manyhands/contract';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../http/caller.js';
import { Answers, Subject } from '../http/described.js';
import { Costly } from '../http/read-budget.js';
import { OutcomesService } from './outcomes.service.js';

const indexSchema = z.coerce.number().pipe(unitIndexSchema);

@Subject('batches')
@Controller('api/v1/batches/:batchId')
export class BatchUnitsController {
  constructor(private readonly outcomes: OutcomesService) {}

  @Get('outcomes')
  @Costly()
  @Answers(outcomesSchema)
  async list(
    @Param('batchId') batchId: string,
    @Query({ schema: outcomesQuerySchema }) query: z.infer<typeof outcomesQuerySchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof outcomesSchema>> {
    return this.outcomes.list(batchId, query, callerOf(reply));
  }

  @Get('units')
  @Costly()
  @Answers(unitsSchema)
  units(
    @Param('batchId') batchId: string,
    @Query({ schema: unitsQuerySchema }) query: z.infer<typeof unitsQuerySchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof unitsSchema>> {
    return this.outcomes.units(batchId, query, callerOf(reply));
  }

  @Get('units/:index')
  @Answers(unitSchema)
  unit(
    @Param('batchId') batchId: string,
    @Param('index', { schema: indexSchema }) index: z.infer<typeof indexSchema>,
  ): Promise<Unit> {
    return this.outcomes.unit(batchId, index);
  }
}
