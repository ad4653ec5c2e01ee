// The command that runs, once more and complete, with other values for some options: to be copied.
import { shellLine } from '@manyhands/contract/words';
import type { Command } from 'commander';

/** With all that was typed, taken from the environment or from the last use. */
export function sameCommand(command: Command, changes: Readonly<Record<string, string>>): string {
  const words = [...command.args];
  for (let at: Command | null = command; at; at = at.parent) words.unshift(at.name());
  for (const option of command.options) {
    const name = option.attributeName();
    const isGiven = !['default', undefined].includes(command.getOptionValueSource(name));
    const value: unknown = changes[name] ?? (isGiven ? command.getOptionValue(name) : undefined);
    const flag = option.long ?? option.short ?? '';
    if (value === undefined) continue;
    if (option.required) for (const one of [value].flat()) words.push(flag, String(one));
    else if (value !== option.negate) words.push(flag);
  }
  return shellLine(words);
}
