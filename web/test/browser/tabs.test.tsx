import { useState } from 'react';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Tabs } from '../../src/common/tabs.js';
import { draw } from './support.js';

const TABS = [
  { value: 'one', label: 'One' },
  { value: 'two', label: 'Two' },
  { value: 'three', label: 'Three' },
] as const;

function Example() {
  const [value, setValue] = useState<(typeof TABS)[number]['value']>('one');
  return (
    <Tabs label="Numbers" tabs={TABS} value={value} onChange={setValue}>
      Panel {value}
    </Tabs>
  );
}

test('the keyboard moves between tabs, round the ends, and the panel follows', async () => {
  draw(<Example />);
  await expect.element(page.getByRole('tab', { name: 'One' })).toHaveAttribute('aria-selected', 'true');
  await userEvent.tab();
  for (const [key, label] of [
    ['ArrowRight', 'Two'],
    ['End', 'Three'],
    ['ArrowRight', 'One'],
    ['ArrowLeft', 'Three'],
    ['Home', 'One'],
  ]) {
    await userEvent.keyboard(`{${key}}`);
    await expect.element(page.getByRole('tab', { name: label ?? '' })).toHaveFocus();
    await expect.element(page.getByRole('tab', { name: label ?? '' })).toHaveAttribute('aria-selected', 'true');
    await expect.element(page.getByRole('tabpanel', { name: label ?? '' })).toBeInTheDocument();
  }
});

test('only the chosen tab is a stop of the tab key', async () => {
  const host = draw(<Example />);
  await expect.poll(() => host.querySelectorAll('[role=tab]').length).toBe(3);
  expect(host.querySelectorAll('[role=tab][tabindex="0"]')).toHaveLength(1);
});
