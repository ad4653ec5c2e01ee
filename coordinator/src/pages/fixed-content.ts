// The pages that hold no figures: how to join, and an address that leads nowhere.
import { html } from './html.js';
import type { Page } from './page.js';

/** The program as it is typed in a clone; installed from packed files it is `manyhands`. */
const PROGRAM = 'node cli/bin/manyhands.js';

export type JoinFacts = {
  /** The name of the only project to work for; null: all. */
  readonly project: string | null;
  readonly publicUrl: string;
  readonly coordinatorId: string;
};

export function joinPage({ project, publicUrl, coordinatorId }: JoinFacts): Page {
  const command = `${PROGRAM} worker join ${publicUrl}${project === null ? '' : ` --project ${project}`}`;
  return {
    title: 'Lend a hand',
    description:
      'One command lends the spare time of your computer to science. No account needed; it stops the moment you say so.',
    path: '/join',
    section: '/join',
    content: html`<h1>Lend a hand</h1>
        <p>One command, in a terminal. It connects to this coordinator, fetches a program and its data, and computes whenever your computer has time to spare.</p>
        <ol>
          <li>Have Node.js, 20 or newer on Linux or Windows, 22.12 or newer elsewhere.</li>
          <li>In a clone of Manyhands, after <code>npm ci &amp;&amp; npm run build</code>, type the command below. Where it was installed from packed files, the program is called <code>manyhands</code> instead.</li>
          <li><code id="command">${command}</code></li>
          <li>It runs in the foreground and says what it does. Ctrl-C ends it. Run it again to continue.</li>
        </ol>
        <section aria-labelledby="meaning">
          <h2 id="meaning">What joining means</h2>
          <ul>
            <li>Only spare time: programs run at the lowest priority, so that yours go first, and rest while a laptop is on battery.</li>
            <li>A closed box: programs run in a sandbox without network and without your files. Each is signed by its scientist and checked before it starts.</li>
            <li>Stop any time: pause takes seconds, finished work is kept and reported, and what was cut short continues from its last save, here or elsewhere.</li>
          </ul>
        </section>
        <section aria-labelledby="what-others-see">
          <h2 id="what-others-see">What others can see of you</h2>
          <p>Everyone sees the name you chose or a made-up one, your credit, the number of your computers, whether they are here now, and how many bytes they passed on. Other volunteers’ computers see your IP address while they exchange blocks with yours; with <code>--no-p2p</code> they see nothing.</p>
          <p>The first time, your computer remembers this coordinator and later refuses an impostor. It should show the same fingerprint: <code>${coordinatorId}</code></p>
        </section>`,
  };
}

export function unknownPage(): Page {
  return {
    title: 'No such page',
    description: 'There is nothing at this address.',
    path: null,
    section: null,
    content: html`<h1>There is nothing at this address</h1>
        <p>The page may have been moved, or the project may have ended. Results and credit are not touched by that.</p>
        <p><a class="btn" href="/">See what is computed now</a></p>`,
  };
}
