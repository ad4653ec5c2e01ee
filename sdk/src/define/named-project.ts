// Finds a project by its name.
import { type Project, projectSchema } from '@manyhands/contract';
import { z } from 'zod';
import type { RestClient } from '../rest/client.js';

/** The project of a name, whatever its state; undefined when there is none. */
export async function namedProject(rest: RestClient, name: string, signal?: AbortSignal): Promise<Project | undefined> {
  const path = `/api/v1/projects?name=${encodeURIComponent(name)}`;
  const found = await rest.json({ method: 'GET', path, signal }, z.array(projectSchema));
  return found.find((project) => project.name === name);
}
