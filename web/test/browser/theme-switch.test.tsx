import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';
import { ThemeSwitch } from '../../src/shell/theme-switch.js';
import { draw } from './support.js';

test('sets, keeps and forgets the chosen colours', async () => {
  onTestFinished(() => localStorage.removeItem('manyhands-theme'));
  draw(<ThemeSwitch />);
  await expect.element(page.getByRole('button', { name: 'System' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('manyhands-theme')).toBe('dark');
  await expect.element(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'System' }).click();
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(localStorage.getItem('manyhands-theme')).toBeNull();
});
