import { createServer, type IncomingMessage, type Server } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { UpstreamOrder } from './management-api.ts';

/** The options of every contestant, as JSON in its only argument. */
export interface ContestantOrder {
  /** 0 for any free port, which is then reported to the parent process. */
  readonly port: number;
  /** What the constant server answers. */
  readonly body: string;
  readonly upstream: UpstreamOrder;
  /** Whether what was read once is kept. */
  readonly cache: boolean;
}

/** What the parent process hears first. */
export interface Ready {
  readonly port: number;
}

export const readOrder = () => JSON.parse(process.argv[2] ?? '{}') as ContestantOrder;

/** The event-loop delay since the parent process last asked. */
export interface LoopDelay {
  readonly p99Ms: number;
}

/** Tells the parent process the port, and the event-loop delay whenever it asks. */
export function announce(port: number): void {
  // As prom-client does it for the gateway.
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('message', () => {
    process.send?.({ p99Ms: delay.percentile(99) / 1e6 } satisfies LoopDelay);
    delay.reset();
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ port } satisfies Ready);
}

/** Listens, then {@link announce}s it. */
export function serve(server: Server): void {
  server.keepAliveTimeout = 60_000;
  server.listen(readOrder().port, '127.0.0.1', () => {
    const address = server.address();
    announce(typeof address === 'object' && address ? address.port : 0);
  });
}

/** Serves what `answer` makes of the JSON of each request. */
export function serveJson(answer: (body: unknown) => Promise<unknown>): void {
  serve(
    createServer(async (request, response) => {
      const text = JSON.stringify(await answer(await readJson(request)));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    }),
  );
}

function readJson(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    request.on('error', reject);
  });
}
