import { Pool } from 'undici';
import { headers } from './gateway.ts';

const CONNECTIONS = 50;
const QUERY = 'query ($msn: String!) { salesUnit(msn: $msn) { msn name merchant { name } } }';

/** Sends look-ups, each of the next unit in turn. Throws if one does not answer with its merchant. */
export async function lookUp(origin: string, msns: readonly string[], count: number): Promise<void> {
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const bodies = msns.map((msn) => JSON.stringify({ query: QUERY, variables: { msn } }));
  let sent = 0;
  const client = async () => {
    while (sent < count) {
      const body = bodies[sent++ % bodies.length] ?? '';
      const answer = await pool.request({ path: '/graphql', method: 'POST', headers, body });
      const text = await answer.body.text();
      if (!text.startsWith('{"data":{"salesUnit":{"msn":') || text.includes('"errors"'))
        throw new Error(`unexpected answer: ${text.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await pool.close();
}
