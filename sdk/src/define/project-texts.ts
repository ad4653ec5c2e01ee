// What is said about a project: what differs from what was wanted, and the signed record that changes it.
import {
  type CoordinatorId,
  type KeyPair,
  ManyhandsError,
  type Project as ProjectStatus,
  projectTextsSchema,
  seal,
  shapeTrouble,
  toBase64Url,
} from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';

/** The texts of a project as its owner gives them; what is absent stays as it is. */
export type ProjectWords = {
  /** Shown on the project's page. */
  title?: string;
  /** What is asked, in one sentence. */
  question?: string;
  description?: string;
  /** Terms under which the inputs came: a name such as CC-BY-4.0 or public domain. */
  inputLicence?: string;
  /** Terms under which the results are given to everybody. */
  resultLicence?: string;
  /** Where people can ask: an address of mail or of a page. */
  contact?: string;
  /** The person or institution that is responsible. */
  runBy?: string;
};
export type ProjectText = keyof ProjectWords;
/** A text that the coordinator has otherwise than it was given. */
export type Difference = { text: ProjectText; here: string; there: string };

/** By the option of `manyhands project edit`. */
const OPTIONS: Readonly<Record<ProjectText, string>> = {
  title: '--title',
  question: '--question',
  description: '--description',
  inputLicence: '--licence',
  resultLicence: '--result-licence',
  contact: '--contact',
  runBy: '--run-by',
};
const TEXTS = Object.keys(OPTIONS) as ProjectText[];
/** What the founding record does not have. */
const FACTS: readonly ProjectText[] = ['inputLicence', 'resultLicence', 'contact', 'runBy'];
const SHOWN_CHARACTERS = 60;

export function differencesOf(words: ProjectWords, status: ProjectStatus): Difference[] {
  return TEXTS.flatMap((text) => {
    const here = words[text];
    const there = status[text];
    return here === undefined || here === there ? [] : [{ text, here, there }];
  });
}

/** Whether only facts differ that nobody has stated yet: stating them changes nothing that was said. */
export function isAddition(differences: readonly Difference[], { textsSequence }: ProjectStatus): boolean {
  return textsSequence === 0 && differences.every(({ text, there }) => FACTS.includes(text) && there === '');
}

type Place = { name: string; url: string; dataDirectory: string };

/** MH-PRJ-007: what differs, and the command that changes it. */
export function otherTexts({ name, url, dataDirectory }: Place, differences: readonly Difference[]): ManyhandsError {
  const said = differences.map(
    ({ text, here, there }) => `${text} is "${shorten(there)}" there and "${shorten(here)}" here`,
  );
  const options = differences.flatMap(({ text, here }) => [OPTIONS[text], here]);
  const at = ['--coordinator', url, '--data', dataDirectory];
  const editing = shellLine(['manyhands', 'project', 'edit', name, ...options, ...at]);
  return new ManyhandsError('MH-PRJ-007', {
    message: `${name} exists already, and creating it again does not change its texts: ${said.join('; ')}. To change them (project.edit in the library):\n  ${editing}`,
    meta: { project: name, differences: differences.map(({ text }) => text) },
  });
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}

const wordsSchema = projectTextsSchema.omit({ version: true, projectId: true, sequence: true }).partial();

/** Throws MH-GEN-009 for texts that cannot be shown. */
export function checkWords(words: ProjectWords): void {
  const given = TEXTS.flatMap((text) => (words[text] === undefined ? [] : [[text, words[text]]]));
  const checked = wordsSchema.safeParse(Object.fromEntries(given));
  if (checked.success) return;
  throw new ManyhandsError('MH-GEN-009', {
    message: `The texts of the project are not usable: ${shapeTrouble(checked.error, OPTIONS)}.`,
  });
}

/** The signed record that replaces the texts. Throws MH-GEN-009 for texts that cannot be shown. */
export function signTexts(
  words: ProjectWords,
  status: ProjectStatus,
  { keyPair, coordinatorId }: { keyPair: KeyPair; coordinatorId: CoordinatorId },
): string {
  checkWords(words);
  const { projectId, textsSequence } = status;
  const texts = Object.fromEntries(TEXTS.map((text) => [text, words[text] ?? status[text]]));
  const record = { version: 1, projectId, sequence: textsSequence + 1, ...texts };
  return toBase64Url(seal(record, { type: 'project-texts', coordinatorId }, keyPair));
}
