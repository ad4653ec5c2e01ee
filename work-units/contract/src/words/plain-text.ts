// What strangers wrote (hosts, programs, project owners, coordinators), before it is put into a line, a page, a table's cell or a log.

/** Characters that act on what shows them: controls of terminals (of both tables), and marks that turn or embed the direction of writing. */
const ACTING = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** Text in one line without what could act on its surroundings. Line breaks and tabs become blanks; halves of characters are shown as such. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(ACTING, '');
}

/** The same for text that may have several lines, and columns in them. */
export function plainLines(text: string): string {
  const plainColumns = (line: string): string => line.split('\t').map(plainText).join('\t');
  return text.split(/\r?\n/).map(plainColumns).join('\n');
}

/** The same of every text inside of a value, keys included. What is neither text nor a list or a record stays as it is. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plainValue);
  const isRecord = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isRecord
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [plainText(key), plainValue(each)]))
    : value;
}

/** A value as JSON in one line that may be shown as it is: what acts is escaped, and reads the same. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    ACTING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
