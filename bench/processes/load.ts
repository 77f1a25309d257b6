import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadResult, Sample } from '../comparison/load-order.ts';
import { bodyOf, RawAnswers } from '../comparison/raw-answers.ts';
import { createRequestText } from '../comparison/request-text.ts';

// Sends requests as the parent orders, over plain sockets, with one request at a time on each connection.

const KEPT_SAMPLES = 8;
const READ_BYTES = 256 * 1024;
// All sockets read into it: what has arrived is handled before the next read.
const buffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** Status and body: what the other headers say does not help. */
const shortened = (answer: string) => `${answer.slice(0, answer.indexOf('\r\n'))} ${bodyOf(answer)}`;

function load(order: LoadOrder): Promise<LoadResult> {
  const requestText = createRequestText(order);
  const { hostname, port } = new URL(order.url);
  const lastRequest = order.from + ('requests' in order.end ? order.end.requests : Number.POSITIVE_INFINITY);
  const times: number[] = [];
  const samples: Sample[] = [];
  const sockets = new Set<Socket>();
  // Both are set when all connections are open: the requests of a crowd come at once.
  let startedCpu = process.cpuUsage();
  let startedAt = Number.NaN;
  let until = Number.POSITIVE_INFINITY;
  const waiting: ((now: number) => void)[] = [];
  let next = order.from;
  let failures = 0;
  let firstFailure: string | undefined;
  const fail = (reason: string) => {
    failures++;
    firstFailure ??= reason.replaceAll(/\s+/g, ' ').slice(0, 500);
  };

  return new Promise((resolve) => {
    const leave = (socket: Socket) => {
      socket.destroy();
      if (sockets.delete(socket) && sockets.size === 0) resolve(result());
    };
    const open = () => {
      const answers = new RawAnswers();
      let request = -1;
      let sentAt = 0;
      const send = (now: number) => {
        if (next >= lastRequest || now >= until) {
          request = -1;
          leave(socket);
          return;
        }
        request = next++;
        // The first ones, and later ones now and then.
        answers.expect(samples.length < KEPT_SAMPLES && (request - order.from) % 97 === 0);
        sentAt = now;
        socket.write(requestText(request), 'latin1');
      };
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: {
          buffer,
          callback(length) {
            const answer = answers.add(buffer.subarray(0, length));
            if (!answer) return true;
            const now = performance.now();
            times.push(now - sentAt);
            if (!answer.ok) fail(shortened(answer.text ?? ''));
            else if (answer.text !== undefined) samples.push({ request, body: bodyOf(answer.text) });
            send(now);
            return true;
          },
        },
      });
      sockets.add(socket);
      socket.on('error', ({ message }) => fail(message));
      socket.on('close', () => {
        if (!sockets.has(socket)) return;
        if (request >= 0) fail('the connection was closed');
        // A server may close a connection that has had enough requests, but not before it has answered.
        if (failures < 100) open();
        else if (Number.isNaN(startedAt)) start();
        leave(socket);
      });
      socket.on('connect', () => {
        if (waiting.length === order.connections) return send(performance.now());
        waiting.push(send);
        if (waiting.length === order.connections) start();
      });
    };
    const start = () => {
      startedCpu = process.cpuUsage();
      startedAt = performance.now();
      if ('ms' in order.end) until = startedAt + order.end.ms;
      for (const send of waiting) send(performance.now());
    };
    const result = (): LoadResult => {
      const ms = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(startedCpu);
      const sorted = Float64Array.from(times).sort();
      const quantile = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
      return {
        requests: sorted.length,
        next,
        ms,
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
        failures,
        firstFailure,
        busy: (user + system) / 1_000 / ms,
        samples,
      };
    };
    for (let index = 0; index < order.connections; index++) open();
  });
}

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      throw error;
    },
  );
});
process.once('disconnect', () => process.exit());
