import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError, GraphQLClient, gql } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

/** A client of graphql-request on a gateway that listens. */
async function startClient() {
  const test = await startTestGateway();
  const server = createServer(test.gateway).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new GraphQLClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  return {
    client,
    test,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

interface Page {
  salesUnits: { nodes: { msn: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

describe('graphql-request', () => {
  it('walks through all units page by page', async () => {
    await using running = await startClient();
    const document = gql`
      query Page($after: String) {
        salesUnits(first: 20, after: $after) { nodes { msn } pageInfo { hasNextPage endCursor } }
      }
    `;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { salesUnits }: Page = await running.client.request<Page>(document, { after });
      seen.push(...salesUnits.nodes.map(({ msn }) => msn));
      after = salesUnits.pageInfo.hasNextPage ? salesUnits.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen)).toEqual(new Set(running.test.sandbox.data.msns));
    expect(seen).toHaveLength(50);
  });

  it('hands over the code of an error', async () => {
    await using running = await startClient();
    const failure = await running.client
      .request('{ salesUnit(msn: "abc") { name } }')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ClientError);
    expect((failure as ClientError).response.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'msn' } },
    ]);
  });
});
