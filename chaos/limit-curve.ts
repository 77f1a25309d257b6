import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MOST, SECONDS, simulateLimit, weathers } from './limit-simulation.ts';

// node chaos/limit-curve.ts: draws docs/images/limit.svg, how the limit on calls under way follows an upstream.
const [width, height, left, top] = [760, 240, 40, 30];
const most = 160;
const x = (second: number) => (left + (second / SECONDS) * width).toFixed(1);
const y = (value: number) => (top + height * (1 - value / most)).toFixed(1);
const moments = simulateLimit();
const line = (colour: string, of: (moment: (typeof moments)[number]) => number) =>
  `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${moments.map((moment) => `${x(moment.second)},${y(of(moment))}`).join(' ')}"/>`;
const text = (at: string, down: string | number, words: string, colour = '#333') =>
  `<text x="${at}" y="${down}" fill="${colour}">${words}</text>`;

writeFileSync(
  fileURLToPath(new URL('../docs/images/limit.svg', import.meta.url)),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * left}" height="${height + 2 * top + 20}" font-family="sans-serif" font-size="11">
<title>The limit on calls under way, and the time of a call, while an upstream becomes slow and refuses calls</title>
<rect width="100%" height="100%" fill="#fff"/>
${weathers.map(({ from, what }) => `<line x1="${x(from)}" y1="${top}" x2="${x(from)}" y2="${top + height}" stroke="#ccc"/>${text(x(from), top - 6, what)}`).join('\n')}
${[0, MOST, most].map((value) => `<line x1="${left}" y1="${y(value)}" x2="${left + width}" y2="${y(value)}" stroke="#eee"/>${text('8', y(value), String(value))}`).join('\n')}
${line('#1f77b4', ({ limit }) => limit)}
${line('#d62728', ({ ms }) => Math.min(most, ms))}
${text(String(left), top + height + 24, 'limit on calls under way', '#1f77b4')}${text(String(left + 180), top + height + 24, 'time of a call in ms', '#d62728')}${text(String(left + width - 30), top + height + 24, `${SECONDS} s`)}
</svg>
`,
);
