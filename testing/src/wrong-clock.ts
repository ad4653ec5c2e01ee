// A process with a wrong clock: the time of day is off, the monotonic clock is right.

const SHIFT = `
const right = Date.now.bind(Date);
Date.now = () => right() + OFFSET;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Date.now()] : args, made),
});`;

/** What Node is to import first (`--import`, also in NODE_OPTIONS) so that its clock is wrong by so many hours. */
export function clockWrongBy(hours: number): string {
  return `data:text/javascript,${encodeURIComponent(SHIFT.replace('OFFSET', String(hours * 3_600_000)))}`;
}
