import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

// node bench/processes/followers.ts URL SSE WS: opens subscriptions over each transport, one of which never reads, and
// prints when their events arrived when its input ends.
const [url = '', sse = '1000', webSockets = '0'] = process.argv.slice(2);
const QUERY =
  'subscription { changes { cursor caughtUp change { at kind msn fields { name before after } } } }';
const body = JSON.stringify({ query: QUERY });
/** Much longer events, which soon fill what the system keeps for a client that does not read. */
const LONG = `subscription { changes { cursor change { ${Array.from({ length: 14 }, (_, index) => `${'long'.repeat(30)}${index}: fields { name before after }`).join(' ')} } } }`;
/** When each change arrived, by its cursor. */
let arrivals = new Map<string, number[]>();
let open = 0;
let ended = 0;
let neverRead: string | undefined;

const note = (cursor: string) => {
  const times = arrivals.get(cursor) ?? [];
  arrivals.set(cursor, times);
  times.push(Date.now());
};
const ready = () => {
  if (++open === Number(sse) + Number(webSockets)) process.stdout.write('ready\n');
};

function follow(reads: boolean): void {
  const sent = request(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      agent: false,
    },
    (response) => {
      ready();
      if (!reads) {
        // Reads again after the end, to see what came last.
        setTimeout(() => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk;
          });
          response.on('close', () => {
            neverRead = /"code":"(\w+)".*"cursor":"[\w-]+"/.exec(text)?.[1] ?? `cut after ${text.length}`;
          });
        }, 16_000);
        return;
      }
      response.on('data', (chunk: Buffer) => {
        for (const [, cursor = ''] of chunk
          .toString('latin1')
          .matchAll(/"cursor":"([^"]+)","caughtUp":true,"change":\{/g))
          note(cursor);
      });
      response.on('close', () => ended++);
    },
  );
  sent.on('error', () => ended++);
  sent.end(reads ? body : JSON.stringify({ query: LONG }));
}
// One after the other: as many at once are a flood, of which some are refused.
if (process.argv[5] === 'stuck') follow(false);
for (let index = 0; index < Number(sse); index++) {
  follow(true);
  if (index % 20 === 0) await sleep(20);
}
for (let index = 0; index < Number(webSockets); index++) {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
  });
  let isOpen = false;
  client.subscribe<{ changes: { cursor: string; change: object | null } }>(
    { query: QUERY },
    {
      next({ data }) {
        if (!isOpen) ready();
        isOpen = true;
        if (data?.changes.change) note(data.changes.cursor);
      },
      error: () => ended++,
      complete: () => ended++,
    },
  );
}
process.stdin.on('data', () => {
  arrivals = new Map();
});
process.stdin.on('end', () => {
  process.stdout.write(`${JSON.stringify({ ended, neverRead, arrivals: [...arrivals] })}\n`, () =>
    process.exit(),
  );
});
