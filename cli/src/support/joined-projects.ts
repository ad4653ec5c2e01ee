// For whom a volunteer computes: said once at joining, and never a reason not to join.
import { type Project as ProjectStatus, projectSchema, questionsSchema } from '@manyhands/contract';
import type { Output } from '../output.js';
import { factsInOneLine } from './project-texts.js';

const SHOWN_MAXIMUM = 5;
const TIMEOUT_MS = 5_000;
const ANSWER_MAXIMUM_BYTES = 4 * 2 ** 20;

/** `fetch`: calls as the worker makes them, from where it does. */
type Joined = { coordinatorUrl: string; projects: readonly string[] | undefined; fetch: typeof fetch };

/** Says who runs the chosen projects, or the most active ones, and under which terms. */
export async function noteProjects(joined: Joined, out: Output): Promise<void> {
  if (out.isJson) return;
  const found = await findProjects(joined).catch(() => []);
  for (const project of found.slice(0, SHOWN_MAXIMUM)) out.note(`  ${factsInOneLine(project)}`);
  if (found.length > SHOWN_MAXIMUM) out.note(`  and others: see ${joined.coordinatorUrl}`);
}

async function findProjects({ coordinatorUrl, projects, fetch }: Joined): Promise<ProjectStatus[]> {
  if (projects) {
    const addressOf = (name: string): string => `${coordinatorUrl}/api/v1/projects?name=${encodeURIComponent(name)}`;
    const found = await Promise.all(
      projects.slice(0, SHOWN_MAXIMUM + 1).map((name) => read(addressOf(name), projectSchema.array(), fetch)),
    );
    return found.flat().filter(({ name }) => projects.includes(name));
  }
  const address = `${coordinatorUrl}/api/v1/questions?limit=${SHOWN_MAXIMUM + 1}`;
  return (await read(address, questionsSchema, fetch)).questions
    .map(({ project }) => project)
    .filter(({ state }) => state === 'active');
}

async function read<T>(address: string, schema: { parse(value: unknown): T }, http: typeof fetch): Promise<T> {
  const response = await http(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const size = Number(response.headers.get('content-length') ?? 0);
  if (!response.ok || size > ANSWER_MAXIMUM_BYTES) throw new Error(`${address} answered ${response.status}`);
  return schema.parse(await response.json());
}
