import { pathToFileURL } from 'node:url';
import { createClient } from './ask.ts';
import { startGateway, startSandbox } from './children.ts';
import { CONNECTIONS, load } from './lookups.ts';
import { pageQuestion, unitQuestion } from './questions.ts';
import { median } from './ratios.ts';

// node bench/compare.ts FOLDER [ROUNDS]: compares the gateway with the one in another checkout, in one run: answers per
// second to «one unit with its merchant» and to a page of 100 units with their merchants, all of it cached.
const [folder = '', rounds = '12'] = process.argv.slice(2);
const SLICE_MS = 1_500;

const other: { startGateway: typeof startGateway } = await import(
  new URL('bench/children.ts', `${pathToFileURL(folder).href}/`).href
);
const sandbox = await startSandbox({ units: 100, latencyMs: 0 });
const gateways = [
  await startGateway(sandbox, { cache: 'on' }),
  await other.startGateway(sandbox, { cache: 'on' }),
];
const clients = gateways.map(({ url }) => createClient(url, CONNECTIONS));
const questions = { 'one unit': sandbox.msns.map(unitQuestion), 'a page': [pageQuestion(100)] };

for (const [name, bodies] of Object.entries(questions)) {
  for (const client of clients) for (let round = 0; round < 3; round++) await load(client, bodies, SLICE_MS);
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    // Each goes first in every other round.
    const order = round % 2 === 0 ? clients : clients.toReversed();
    const found = [];
    for (const client of order) found.push(await load(client, bodies, SLICE_MS));
    const [mine = 0, theirs = 0] = round % 2 === 0 ? found : found.toReversed();
    ratios.push(mine / theirs);
    speeds.push(mine);
  }
  process.stdout.write(
    `${name}: ${Math.round(median(speeds))}/s, ${median(ratios).toFixed(3)} × the other (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})\n`,
  );
}
await Promise.all(clients.map((client) => client.close()));
await Promise.all([...gateways.map((gateway) => gateway.stop()), sandbox.stop()]);
