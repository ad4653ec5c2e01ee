// Where the demo keeps its data, and where its picture goes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureFolder } from '@manyhands/contract/folders';

export type DemoFolder = {
  coordinator: string;
  scientist: string;
  worker(number: number): string;
  picture: string;
  remove(): Promise<void>;
};

/** `data`: the user's choice, which is kept; otherwise a temporary folder of which only the picture stays. */
export async function openFolder(data: string | undefined): Promise<DemoFolder> {
  const root = data === undefined ? await mkdtemp(join(tmpdir(), 'manyhands-demo-')) : resolve(data);
  ensureFolder(root);
  const parts = join(root, 'parts');
  return {
    coordinator: join(parts, 'coordinator'),
    scientist: join(parts, 'scientist'),
    worker: (number) => join(parts, `worker-${number}`),
    picture: join(root, 'dot-plot.svg'),
    remove: async () => {
      if (data === undefined) await rm(parts, { recursive: true, force: true });
    },
  };
}
