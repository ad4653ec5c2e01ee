// GET /metrics for Prometheus.
import { Controller, Get, Header } from '@nestjs/common';
import { Costly, metered } from '../http/read-budget.js';
import { MetricsService } from './metrics.service.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Costly()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return metered(() => this.metrics.text());
  }
}
