import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';
import { Command } from '../../src/common/command.js';
import { draw } from './support.js';

function fakeClipboard(writeText: (text: string) => Promise<void>): void {
  const real = Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard');
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  onTestFinished(() => {
    if (real) Object.defineProperty(navigator, 'clipboard', real);
  });
}

test('copies exactly the command, without the prompt, and says so', async () => {
  const written: string[] = [];
  fakeClipboard(async (text) => {
    written.push(text);
  });
  draw(<Command text="manyhands worker join https://a.example" label="join" />);
  await page.getByRole('button', { name: 'Copy: join' }).click();
  await expect.element(page.getByRole('status')).toHaveTextContent('Copied');
  expect(written).toEqual(['manyhands worker join https://a.example']);
});

test('says what to do where the clipboard is denied', async () => {
  fakeClipboard(() => Promise.reject(new Error('denied')));
  draw(<Command text="manyhands worker pause" label="pause" />);
  await page.getByRole('button', { name: 'Copy: pause' }).click();
  await expect.element(page.getByRole('status')).toHaveTextContent('Not copied: please select the command');
});
