// Sets the chosen colours before the first paint. A file of its own, so that the page needs no inline script.
try {
  const choice = localStorage.getItem('manyhands-theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch {
  // Storage may be denied: then the system's colours are used.
}
