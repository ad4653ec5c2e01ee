// The reader's choice of colours. /theme.js applies it again before the first paint.

/** Also read by public/theme.js. */
const STORAGE_KEY = 'manyhands-theme';

export type Theme = 'system' | 'light' | 'dark';

export function readTheme(): Theme {
  const chosen = globalThis.document?.documentElement.dataset.theme;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** Takes effect at once and is kept in this browser where storage is allowed. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage may be denied: the choice then lasts until the page is left.
  }
}
