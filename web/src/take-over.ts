// From the page as the server sent it to the page that runs here.

/** What the server's page has of its own: the text, and the head that describes this one address. */
const SERVED = '[data-served]';

/**
 * Starts the pages in `root`. What the server put there stays to be read until the running page has all of its own to show; then it takes
 * the place in one step. As long as something could not be loaded, the server's page stays.
 */
export function takeOver(root: HTMLElement, start: (container: HTMLElement) => void): void {
  if (root.childElementCount === 0) {
    start(root);
    return;
  }
  const container = document.createElement('div');
  container.hidden = true;
  root.after(container);
  const observer = new MutationObserver(() => {
    if (!isComplete(container)) return;
    observer.disconnect();
    root.remove();
    container.id = root.id;
    container.hidden = false;
    for (const served of document.querySelectorAll(SERVED)) served.remove();
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  });
  observer.observe(container, { childList: true, subtree: true, attributeFilter: ['aria-busy', 'role'] });
  start(container);
}

function isComplete(container: HTMLElement): boolean {
  return (
    container.querySelector('main h1') !== null && container.querySelector('[aria-busy=true], [role=alert]') === null
  );
}
