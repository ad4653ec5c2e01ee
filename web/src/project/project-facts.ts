// What a project says of itself, and what it leaves unsaid.
import type { Batch, Project } from '@manyhands/contract';

export const NOT_STATED = 'not stated';

export type Fact = { readonly label: string; readonly text: string; readonly href: string | null };

/** Who is responsible, where to ask, and under which terms things come and go. */
export function factsOf({ runBy, contact, inputLicence, resultLicence }: Project): Fact[] {
  return [
    { label: 'Run by', text: runBy || NOT_STATED, href: null },
    { label: 'Contact', text: contact || NOT_STATED, href: contactHref(contact) },
    { label: 'Licence of the inputs', text: inputLicence || NOT_STATED, href: null },
    { label: 'Licence of the results', text: resultLicence || NOT_STATED, href: null },
  ];
}

/** A link for what is surely an address of mail or of a page; null for anything else. */
export function contactHref(contact: string): string | null {
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(contact)) return `mailto:${contact}`;
  return /^https?:\/\/\S+$/.test(contact) && URL.canParse(contact) ? contact : null;
}

/** What holds the project up, and what that means; null while it may work. */
export function holdUpOf({ state }: Pick<Project, 'state'>): { title: string; text: string } | null {
  if (state === 'pending') {
    return {
      title: 'Waiting for the operator’s approval',
      text: 'The operator of this coordinator looks at new projects first. Nothing is handed out before that, and this page is in no list.',
    };
  }
  if (state === 'paused') {
    return {
      title: 'Paused by the operator',
      text: 'No units are handed out at present. Everything that was computed is kept, and work continues where it was when the operator resumes it.',
    };
  }
  return null;
}

/** Whether figures come in: an open batch of a project that may work. */
export function isLive(project: Pick<Project, 'state'>, batch: Pick<Batch, 'state'> | undefined): boolean {
  return project.state === 'active' && batch?.state === 'open';
}

/** The name by which volunteers choose it; undefined while it waits for its approval, when no worker may name it. */
export function joinName({ state, name }: Pick<Project, 'state' | 'name'>): string | undefined {
  return state === 'pending' ? undefined : name;
}

/** Paragraphs of the description: the first leads. */
export function paragraphsOf(description: string): { readonly lead: string | undefined; readonly rest: string[] } {
  const [lead, ...rest] = description.split(/\n+/).filter((paragraph) => paragraph.trim() !== '');
  return { lead, rest };
}

/** What a project asks, or what it is called where it asks nothing. */
export function questionOf({ question, title, name }: Pick<Project, 'question' | 'title' | 'name'>): string {
  return question.trim() || title.trim() || name;
}
