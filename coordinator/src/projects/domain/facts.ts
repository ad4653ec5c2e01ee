// What a project must state before volunteers are asked to compute for it.

/** The facts by the words that people read and the option of `manyhands project edit` that states each. */
const FACTS = {
  inputLicence: { words: 'the licence of its inputs', option: '--licence' },
  resultLicence: { words: 'the licence of its results', option: '--result-licence' },
  contact: { words: 'a contact', option: '--contact' },
  runBy: { words: 'who runs it', option: '--run-by' },
} as const;

export type Facts = Readonly<Record<keyof typeof FACTS, string>>;
export type MissingFact = { readonly words: string; readonly option: string };

/** The facts that are not stated: blank text states nothing. */
export function missingFacts(facts: Facts): MissingFact[] {
  const names = Object.keys(FACTS) as (keyof typeof FACTS)[];
  return names.filter((name) => facts[name].trim() === '').map((name) => FACTS[name]);
}

/** One sentence that names what is missing, and the command that states it. */
export function askForFacts(projectName: string, missing: readonly MissingFact[]): string {
  const words = missing.map((fact) => fact.words).join(', ');
  const options = missing.map(({ option }) => `${option} '…'`).join(' ');
  return `${projectName} does not state ${words}. Its owner states it with: manyhands project edit ${projectName} ${options}`;
}
