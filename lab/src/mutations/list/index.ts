// All planted faults, part by part.
import type { Mutation } from '../mutation.js';
import { CLI_MUTATIONS } from './cli.js';
import { COORDINATOR_MUTATIONS } from './coordinator.js';
import { WEB_MUTATIONS } from './web.js';

export const MUTATIONS: readonly Mutation[] = [...COORDINATOR_MUTATIONS, ...CLI_MUTATIONS, ...WEB_MUTATIONS];
