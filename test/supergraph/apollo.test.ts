import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startNode } from '../cli/cli-process.ts';
import { example } from './example.ts';
import { describeRouter } from './federated.ts';

it('composes with the composers of Apollo, Hive and Cosmo without an error or a warning', () => {
  const { problems, supergraph, hiveSupergraph } = example.compose({
    management: 'http://127.0.0.1:1/subgraph',
    stores: 'http://127.0.0.1:2/',
  });
  expect(problems).toEqual([]);
  for (const text of [supergraph, hiveSupergraph]) expect(text).toContain('join__Graph');
});

describeRouter('@apollo/gateway', example.startRouter);

it('starts with one command, and ends with one signal', async () => {
  await using start = startNode(
    fileURLToPath(new URL('../../examples/supergraph/start.js', import.meta.url)),
    [],
    { GATEWAY_PORT: '4441', STORES_PORT: '4442', ROUTER_PORT: '4443', SANDBOX_UNITS: '20' },
  );
  const command = await start.until(({ stdout }) => /curl (\S+) .* -d '(.*)'/.exec(stdout) ?? undefined);
  const [, url = '', body = ''] = command;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  expect(data.topRatedStores).toHaveLength(3);
  expect(data.topRatedStores[0]).toMatchObject({
    name: expect.any(String),
    rating: { stars: expect.any(Number) },
    merchant: { supportCases: expect.any(Array) },
  });
  start.send('SIGTERM');
  expect(await start.exited).toEqual({ code: 0, signal: null });
});
