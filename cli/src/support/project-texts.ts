// What is said about a project, on the command line: the options of its texts, and how facts are shown.
import type { Project as ProjectStatus } from '@manyhands/contract';
import type { ProjectWords } from '@manyhands/sdk';
import type { Command } from 'commander';

export type TextOptions = {
  title?: string;
  question?: string;
  description?: string;
  licence?: string;
  resultLicence?: string;
  contact?: string;
  runBy?: string;
};

export function addTextOptions(command: Command): Command {
  return command
    .option('--title <text>', 'shown on its page (default: the name)')
    .option('--question <text>', 'what is asked, in one sentence')
    .option('--description <text>', 'what is computed and why')
    .option('--licence <terms>', 'terms under which the inputs came, for example "public domain" or CC-BY-4.0')
    .option('--result-licence <terms>', 'terms under which everybody gets the results, for example CC0-1.0')
    .option('--contact <address>', 'where volunteers can ask: an address of mail or of a page')
    .option('--run-by <name>', 'the person or institution that is responsible');
}

/** Only what was given. */
export function wordsOf({ licence, ...options }: TextOptions): ProjectWords {
  const { title, question, description, resultLicence, contact, runBy } = options;
  return {
    ...(title !== undefined && { title }),
    ...(question !== undefined && { question }),
    ...(description !== undefined && { description }),
    ...(licence !== undefined && { inputLicence: licence }),
    ...(resultLicence !== undefined && { resultLicence }),
    ...(contact !== undefined && { contact }),
    ...(runBy !== undefined && { runBy }),
  };
}

type Facts = Pick<ProjectStatus, 'name' | 'inputLicence' | 'resultLicence' | 'contact' | 'runBy'>;
const said = (fact: string): string => (fact.trim() === '' ? 'not stated' : fact);

export function factLines(facts: Facts): string[] {
  return [
    `  inputs    ${said(facts.inputLicence)}`,
    `  results   ${said(facts.resultLicence)}`,
    `  run by    ${said(facts.runBy)}`,
    `  contact   ${said(facts.contact)}`,
  ];
}

/** One line for whoever chooses: `words: run by Ada (ada@example.org); inputs public domain, results CC0-1.0`. */
export function factsInOneLine(facts: Facts): string {
  const contact = facts.contact.trim() === '' ? '' : ` (${facts.contact})`;
  return `${facts.name}: run by ${said(facts.runBy)}${contact}; inputs ${said(facts.inputLicence)}, results ${said(facts.resultLicence)}`;
}
