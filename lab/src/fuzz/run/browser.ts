// Runs cases in a dedicated worker of Chromium: the runtime as web pages use it.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { besideThis } from './child.js';
import type { CaseReport, EngineCase } from './engine-case.js';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** Why there is no browser, or null. */
export function missingBrowser(): string | null {
  return existsSync(EXECUTABLE) ? null : `no Chromium at ${EXECUTABLE} (set CHROMIUM)`;
}

export async function runInBrowser(
  cases: readonly EngineCase[],
  sliceSeed: number,
  timeoutMs: number,
): Promise<CaseReport[]> {
  const script = await bundle();
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(timeoutMs);
    const answer = await page.evaluate(workInPage, { script, cases: [...cases], sliceSeed, timeoutMs });
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  } finally {
    await browser.close();
  }
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rolldownOptions: { input: besideThis('case-worker.js'), output: { format: 'iife' } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('the script for the browser was not made');
  return chunk.code;
}

type PageTask = { script: string; cases: EngineCase[]; sliceSeed: number; timeoutMs: number };

/** Evaluated in the page: nothing from outside is in reach. */
function workInPage({ script, cases, sliceSeed, timeoutMs }: PageTask): Promise<CaseReport[] | string> {
  return new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    setTimeout(() => resolve('the worker took too long'), timeoutMs);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve(message);
    worker.postMessage({ cases, sliceSeed });
  });
}
