// System, light or dark.
import { useState } from 'react';
import { Toggles } from '../common/toggles.js';
import { chooseTheme, readTheme, type Theme } from './theme.js';

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const choose = (next: Theme) => {
    chooseTheme(next);
    setTheme(next);
  };
  return <Toggles label="Colours" choices={THEMES} value={theme} onChange={choose} />;
}
