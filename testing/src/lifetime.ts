// What a test made ends with it; what was made outside of a test (a hook or the head of a file) ends with the file.
import { onTestFinished, TestRunner } from 'vitest';

type End = () => void | Promise<void>;
const endsOfFile: End[] = [];

export type Lifetime = 'test' | 'file';

/** Of what is made now and says nothing else. */
export function lifetimeNow(): Lifetime {
  return TestRunner.getCurrentTest() ? 'test' : 'file';
}

/** Runs `end` after the test and its hooks, or after the file; what was made last ends first. */
export function atEnd(end: End, lifetime: Lifetime = lifetimeNow()): void {
  if (lifetime === 'test') onTestFinished(end);
  else endsOfFile.push(end);
}

/** Called by the setup file alone. */
export async function endFile(): Promise<void> {
  for (const end of endsOfFile.splice(0).reverse()) await end();
}
