import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { createPageByHand } from '../page-by-hand.ts';
import type { Keys } from '../sandbox-keys.ts';
import { createUnitByHand } from '../unit-by-hand.ts';

/** What the process is told, as JSON in its only argument. */
export interface FloorOrder {
  readonly upstream: string;
  readonly keys: Keys;
  readonly connections: number;
}

const { upstream, keys, connections } = JSON.parse(process.argv[2] ?? '') as FloorOrder;
const pool = new Pool(upstream, { connections });
const headers = { 'ocp-apim-subscription-key': keys.subscriptionKey };

const { body } = await pool.request({
  method: 'POST',
  path: '/accesstoken/get',
  headers: { ...headers, client_id: keys.clientId, client_secret: keys.clientSecret },
});
const { access_token: token } = (await body.json()) as { access_token: string };
const get = async (path: string) => {
  const answer = await pool.request({
    method: 'GET',
    path,
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
  return answer.body.json();
};
const page = createPageByHand(get);
const unit = createUnitByHand(get);

// It takes the gateway's requests and looks at their variables only.
const server = createServer(async (request, response) => {
  const { variables } = await readJson(request);
  const data = variables.msn === undefined ? await page(variables.first) : await unit(variables.msn);
  const text = JSON.stringify({ data });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
});

async function readJson(request: IncomingMessage): Promise<{ variables: { first: number; msn?: string } }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
