import { connect, type Socket } from 'node:net';
import type { FloodOptions, FloodResult } from './flood.ts';

// Sends one request over and over, as cheaply as it can: a process of its own, so that neither the gateway nor the sandbox
// wait for it. Prints a FloodResult as JSON.
const {
  url,
  query,
  perSecond,
  seconds,
  mostConnections = 2_000,
} = JSON.parse(process.argv[2] ?? '') as FloodOptions & { readonly url: string };
const { hostname, port, pathname, host } = new URL(url);
const body = JSON.stringify({ query });
const request = Buffer.from(
  `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);
const total = Math.round(perSecond * seconds);
const [okMs, shedMs]: [number[], number[]] = [[], []];
let [sent, failed, broken, withoutRetryAfter, connections] = [0, 0, 0, 0, 0];
const idle: Line[] = [];
/** When each request that has no connection yet was due. */
const waiting: number[] = [];

/** One connection, on which one request is under way at a time. */
class Line {
  readonly #socket: Socket;
  #dueAt: number | undefined;
  #parts: Buffer[] = [];
  #missing: number | undefined;

  constructor() {
    connections++;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (data: Buffer) => this.#take(data));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      connections--;
      if (this.#dueAt !== undefined) broken++;
      const at = idle.indexOf(this);
      if (at >= 0) idle.splice(at, 1);
    });
  }

  send(dueAt: number): void {
    this.#dueAt = dueAt;
    this.#socket.write(request);
  }

  #take(data: Buffer): void {
    if (this.#missing === undefined) {
      this.#parts.push(data);
      const all = this.#parts.length === 1 ? data : Buffer.concat(this.#parts);
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = all.toString('latin1', 0, end + 2).toLowerCase();
      const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1]);
      if (Number.isNaN(length)) throw new Error(`an answer without a length: ${head}`);
      this.#missing = end + 4 + length - all.length;
      this.#note(Number(head.slice(9, 12)), head, all);
    } else this.#missing -= data.length;
    if (this.#missing > 0) return;
    this.#missing = undefined;
    this.#dueAt = undefined;
    this.#parts = [];
    const dueAt = waiting.shift();
    if (dueAt === undefined) idle.push(this);
    else this.send(dueAt);
  }

  #note(status: number, head: string, text: Buffer): void {
    const ms = performance.now() - (this.#dueAt ?? 0);
    if (status === 503) {
      shedMs.push(ms);
      if (!head.includes('\r\nretry-after: ')) withoutRetryAfter++;
    } else if (status === 200 && !text.includes('"errors":')) okMs.push(ms);
    else failed++;
  }
}

const percentile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] ?? null;

const startedAt = performance.now();
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const elapsed = (performance.now() - startedAt) / 1_000;
    const due = Math.min(total, Math.floor(elapsed * perSecond));
    for (; sent < due; sent++) {
      const dueAt = startedAt + (1_000 * sent) / perSecond;
      const line = idle.pop() ?? (connections < mostConnections ? new Line() : undefined);
      if (line) line.send(dueAt);
      else waiting.push(dueAt);
    }
    const answered = okMs.length + shedMs.length + failed + broken;
    if (elapsed < seconds || (answered < sent && elapsed < seconds + 6)) return;
    clearInterval(timer);
    resolve();
  }, 2);
});
const result: FloodResult = {
  sent,
  ok: okMs.length,
  shed: shedMs.length,
  failed,
  unanswered: sent - okMs.length - shedMs.length - failed,
  withoutRetryAfter,
  okPerSecond: okMs.length / ((performance.now() - startedAt) / 1_000),
  okP99: percentile(okMs, 0.99),
  shedP99: percentile(shedMs, 0.99),
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
