// The dot plot of the result as SVG text: place in the genome from left to right, place in lambda from bottom to top.
import type { Region, Stretch } from './types.js';

const WIDTH = 760;
const HEIGHT = 600;
const PLOT = { left: 48, right: 736, top: 92, bottom: 528 };
const PHAGE_BASES = 48_502;
/** The day palette of the project. */
const COLOURS = {
  sheet: '#ffffff',
  ink: '#18231f',
  ink2: '#47524c',
  ink3: '#626b65',
  line: '#dcd8ca',
  edge: '#84857a',
};
const STRANDS = {
  '+': { colour: '#0b5d4e', dashes: '', label: 'same direction as lambda’s record (+)' },
  '-': { colour: '#c07c00', dashes: ' stroke-dasharray="5 4"', label: 'reversed (-)' },
} as const;
const FONT = "'Atkinson Hyperlegible Next', system-ui, 'Segoe UI', Roboto, sans-serif";

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly from: number;
  readonly to: number;
}

/** Draws the stretches that lie in the region; a complete SVG document, the same text for the same arguments. */
export function dotPlotSvg(hits: readonly Stretch[], region: Region): string {
  const genome: Axis = { min: region.start, max: region.end, from: PLOT.left, to: PLOT.right };
  const phage: Axis = { min: 0, max: PHAGE_BASES, from: PLOT.bottom, to: PLOT.top };
  const shown = hits.filter((hit) => hit.genomeEnd >= region.start && hit.genomeStart <= region.end);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title description" font-family="${FONT}" font-size="13">`,
    `<title id="title">${findingOf(shown)}</title>`,
    `<desc id="description">Each line is a stretch of lambda found between ${grouped(region.start)} and ${grouped(region.end)} of the genome.</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOURS.sheet}"/>`,
    `<text x="16" y="30" font-size="18" font-weight="700" fill="${COLOURS.ink}">${withItalics(findingOf(shown))}</text>`,
    ...legend(),
    `<text x="16" y="82" fill="${COLOURS.ink2}">place in phage lambda, thousand letters (kb)</text>`,
    ...phageTicks(phage),
    ...genomeTicks(genome),
    `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}" fill="none" stroke="${COLOURS.edge}"/>`,
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="582" text-anchor="middle" fill="${COLOURS.ink2}">${withItalics('place in the genome of E. coli 536, million letters (Mb)')}</text>`,
    ...shown.map((hit) => stretchLine(hit, genome, phage)),
    '</svg>\n',
  ].join('\n');
}

function findingOf(hits: readonly Stretch[]): string {
  if (hits.length === 0) return 'No stretch of phage lambda found in this part of E. coli 536';
  const bases = hits.reduce((sum, hit) => sum + hit.genomeEnd - hit.genomeStart + 1, 0);
  const noun = hits.length === 1 ? 'stretch' : 'stretches';
  return `${hits.length} ${noun} of phage lambda in E. coli 536, ${grouped(bases)} letters in all`;
}

/** Species names are set in italics. */
function withItalics(text: string): string {
  return text.replace('E. coli', '<tspan font-style="italic">E. coli</tspan>');
}

function legend(): string[] {
  return (['+', '-'] as const).map((strand, index) => {
    const x = 16 + index * 300;
    const { colour, dashes, label } = STRANDS[strand];
    return `<path d="M${x} 52h24" stroke="${colour}" stroke-width="4"${dashes}/><text x="${x + 32}" y="56.5" fill="${COLOURS.ink2}">${label}</text>`;
  });
}

function stretchLine(hit: Stretch, genome: Axis, phage: Axis): string {
  const { colour, dashes } = STRANDS[hit.strand];
  const [low, high] = [place(hit.phageStart, phage), place(hit.phageEnd, phage)];
  const [startY, endY] = hit.strand === '+' ? [low, high] : [high, low];
  const startX = place(Math.max(hit.genomeStart, genome.min), genome);
  const endX = place(Math.min(hit.genomeEnd, genome.max), genome);
  const label = `lambda ${grouped(hit.phageStart)} to ${grouped(hit.phageEnd)}, genome ${grouped(hit.genomeStart)} to ${grouped(hit.genomeEnd)}, strand ${hit.strand}, identity ${(hit.identity * 100).toFixed(1)} %`;
  const isShort = Math.hypot(endX - startX, endY - startY) < 6;
  const style = `stroke="${colour}" stroke-width="${isShort ? 6 : 4}" stroke-linecap="round"${isShort ? '' : dashes}`;
  return `<path d="M${round(startX)} ${round(startY)}L${round(endX)} ${round(endY)}" ${style}><title>${label}</title></path>`;
}

function phageTicks(axis: Axis): string[] {
  return [0, 10, 20, 30, 40].map((kilobases) => {
    const y = round(place(kilobases * 1_000, axis));
    return `<path d="M${PLOT.left} ${y}H${PLOT.right}" stroke="${COLOURS.line}"/><text x="${PLOT.left - 8}" y="${round(y + 4.5)}" text-anchor="end" fill="${COLOURS.ink3}">${kilobases}</text>`;
  });
}

function genomeTicks(axis: Axis): string[] {
  const step = tickStep(axis.max - axis.min + 1);
  const decimals = Math.max(0, 6 - Math.floor(Math.log10(step)));
  const ticks: string[] = [];
  for (let base = Math.ceil(axis.min / step) * step; base <= axis.max; base += step) {
    const x = round(place(base, axis));
    ticks.push(
      `<path d="M${x} ${PLOT.bottom}v6" stroke="${COLOURS.edge}"/><text x="${x}" y="${PLOT.bottom + 24}" text-anchor="middle" fill="${COLOURS.ink3}">${(base / 1e6).toFixed(decimals)}</text>`,
    );
  }
  return ticks;
}

/** The smallest of 1, 2, 5, 10, ... that gives at most ten ticks. */
function tickStep(span: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(span / 10)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => span / step <= 10) ?? 10 * power;
}

function place(value: number, { min, max, from, to }: Axis): number {
  return from + ((value - min) / Math.max(1, max - min)) * (to - from);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** 1234567 as 1,234,567, whatever the machine's language. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
