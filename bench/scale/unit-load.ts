import { connect } from 'node:net';
import { median } from '../ratios.ts';

/** What one core of the sandbox answers in a second, and how busy the client was meanwhile. */
export interface Load {
  readonly perSecond: number;
  /** Share of the time that the client computed; near 1 it may be the client that was measured. */
  readonly clientBusy: number;
}

const SOCKETS = 32;
const SLICES = 5;
const SLICE_MS = 2_000;
const OK = 'HTTP/1.1 200 ';

/**
 * Asks for units, another one each time. It speaks HTTP on bare sockets, one request at a time on each, and only
 * counts status lines, since a client that reads answers costs more than the sandbox that writes them.
 */
export async function measureLoad(
  url: string,
  headers: Record<string, string>,
  msns: readonly string[],
): Promise<Load> {
  const { hostname, port, host } = new URL(url);
  const fields = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const tail = ` HTTP/1.1\r\n${fields.join('')}\r\n`;
  let asked = 0;
  let answered = 0;
  let failure: Error | undefined;
  let isOver = false;
  const next = () => {
    // A prime step visits all units, and neighbours are not asked for together.
    asked = (asked + 7919) % msns.length;
    return `GET /management/v1/sales-units/${msns[asked]}${tail}`;
  };

  const sockets = Array.from({ length: SOCKETS }, () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let rest = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const text = rest + chunk;
      let found = 0;
      let from = 0;
      for (let at = text.indexOf('HTTP/1.1 '); at >= 0 && at + OK.length <= text.length; ) {
        if (!text.startsWith(OK, at)) failure ??= new Error(`answered ${text.slice(at, at + 200)}`);
        found++;
        from = at + OK.length;
        at = text.indexOf('HTTP/1.1 ', from);
      }
      // A status line may be cut in two.
      rest = text.slice(Math.max(from, text.length - OK.length));
      answered += found;
      if (found > 0 && !isOver) socket.write(Array.from({ length: found }, next).join(''));
    });
    socket.on('error', (error) => {
      if (!isOver) failure ??= error;
    });
    socket.write(next());
    return socket;
  });

  const rates: number[] = [];
  const busy: number[] = [];
  for (let slice = -1; slice < SLICES; slice++) {
    const before = { answered, at: performance.now(), cpu: process.cpuUsage() };
    await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
    if (failure) throw failure;
    const ms = performance.now() - before.at;
    const { user, system } = process.cpuUsage(before.cpu);
    // The first slice warms up.
    if (slice < 0) continue;
    rates.push(((answered - before.answered) / ms) * 1_000);
    busy.push((user + system) / 1_000 / ms);
  }
  isOver = true;
  for (const socket of sockets) socket.destroy();
  return { perSecond: median(rates), clientBusy: median(busy) };
}
