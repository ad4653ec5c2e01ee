// The command that lends a computer to this coordinator.
import { useCoordinator } from '../api/questions.js';
import { pageOrigin } from '../common/page-origin.js';
import { commandLine } from '../common/program.js';
import { joinUrl } from './join-url.js';

/** `project`: the name of the only project to work for; undefined: all. */
export function useJoinCommand(project?: string): string {
  const url = joinUrl(useCoordinator().data?.publicUrl, pageOrigin());
  return commandLine('worker', 'join', url, ...(project === undefined ? [] : ['--project', project]));
}
