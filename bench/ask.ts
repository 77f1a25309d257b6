import { Pool } from 'undici';

/** A client of the gateway or of the floor. */
export interface Client {
  /** The time from the request to the last byte of its answer, and the answer. */
  ask(body: string): Promise<{ ms: number; text: string }>;
  close(): Promise<void>;
}

export function createClient(url: string, connections = 1): Client {
  const pool = new Pool(url, { connections, headersTimeout: 60_000 });
  return {
    async ask(body) {
      const started = performance.now();
      const answer = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
      });
      const text = await answer.body.text();
      const ms = performance.now() - started;
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
      return { ms, text };
    },
    close: () => pool.close(),
  };
}
