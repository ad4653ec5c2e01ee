// Notes what lists show of results that were accepted before it was kept with them: newest first, a little at a time, on from where it was after a restart.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { Slices } from '../../background/slices.js';
import { LOGGER } from '../../config/logger.js';
import type { LargeFacts } from '../../storage/sqlite/result-facts.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { factsOf } from '../results/domain/result-facts.js';
import { largeFactsOf } from '../results/stored-bundle.js';

/** Some milliseconds of work: such a bundle has at most 16 KiB. */
const BUNDLES_PER_SLICE = 50;
/** Result files lie in folders named by the first byte of their digest. */
const FOLDERS = 256;
const DIGEST_HEX = /^[0-9a-f]{64}$/;
/** What is shown of a bundle that is damaged: nothing. */
const NO_FACTS = { exitCode: 0, stdoutAt: 0, stdoutBytes: 0 };
const NO_LARGE_FACTS: LargeFacts = { exitCode: 0, stdout: null };

@Injectable()
export class FactsOfEarlierResults implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly bundles: Slices;
  private readonly files: Slices;

  constructor(
    private readonly store: CoreStore,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onTrouble = (err: unknown): void => logger.error({ err }, 'noting the facts of earlier results failed');
    this.bundles = new Slices(() => this.noteBundles(), onTrouble);
    this.files = new Slices(() => this.noteFolder(), onTrouble);
  }

  onApplicationBootstrap(): void {
    if (this.store.progress.position('bundles') > 1) this.bundles.wake();
    if (this.store.progress.position('result-files') < FOLDERS) this.files.wake();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.bundles.stop(), this.files.stop()]);
  }

  private noteBundles(): Promise<boolean> {
    const { progress, resultFacts } = this.store;
    return this.store.database.write(() => {
      const found = resultFacts.bundlesBefore(progress.position('bundles'), BUNDLES_PER_SLICE);
      for (const { id, bytes } of found) resultFacts.set(id, factsOf(bytes) ?? NO_FACTS);
      progress.set('bundles', found.at(-1)?.id ?? 1);
      return found.length > 0;
    });
  }

  private async noteFolder(): Promise<boolean> {
    const position = this.store.progress.position('result-files');
    const folder = join(this.options.resultsDirectory, position.toString(16).padStart(2, '0'));
    const noted: [digestHex: string, facts: LargeFacts][] = [];
    for (const name of await namesIn(folder))
      if (DIGEST_HEX.test(name)) noted.push([name, await largeFactsOf(join(folder, name)).catch(() => NO_LARGE_FACTS)]);
    const { progress, resultFacts } = this.store;
    await this.store.database.write(() => {
      for (const [digestHex, facts] of noted) resultFacts.addLarge(digestHex, facts);
      progress.set('result-files', position + 1);
    });
    return position + 1 < FOLDERS;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
