// Text in pictures does not wrap: what is too long for its place is cut.

/** Mean width of a character of 13 px; wide letters are as good as two. */
const CHARACTER_PX = 7.4;
const WIDE =
  /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;

/** The text, or its beginning and an ellipsis where it is wider than the place. `takenCount`: characters that stand beside it. */
export function fitText(text: string, widthPx: number, takenCount = 0): string {
  const room = Math.max(4, Math.floor(widthPx / CHARACTER_PX) - takenCount);
  // By what a reader sees as one character, so that none is cut in two.
  const parts = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const sizeOf = (part: string) => (WIDE.test(part) ? 2 : 1);
  if (parts.reduce((sum, part) => sum + sizeOf(part), 0) <= room) return text;
  let used = 1;
  const kept = parts.filter((part) => {
    used += sizeOf(part);
    return used <= room;
  });
  return `${kept.join('').trimEnd()}…`;
}
