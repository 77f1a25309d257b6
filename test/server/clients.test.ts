import { ClientError, gql, request } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { listen } from '../support/listen.ts';

interface Page {
  salesUnits: { nodes: { msn: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

describe('graphql-request', () => {
  it('walks through all units page by page', async () => {
    await using gateway = await startTestGateway();
    await using listening = await listen(gateway);
    const document = gql`
      query Page($after: String) {
        salesUnits(first: 20, after: $after) { nodes { msn } pageInfo { hasNextPage endCursor } }
      }
    `;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { salesUnits }: Page = await request<Page>(listening.url, document, { after });
      seen.push(...salesUnits.nodes.map(({ msn }) => msn));
      after = salesUnits.pageInfo.hasNextPage ? salesUnits.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen)).toEqual(new Set(gateway.sandbox.data.msns));
    expect(seen).toHaveLength(50);
  });

  it('hands over the code of an error', async () => {
    await using gateway = await startTestGateway();
    await using listening = await listen(gateway);
    const failure = await request(listening.url, '{ salesUnit(msn: "abc") { name } }').catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ClientError);
    expect((failure as ClientError).response.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'msn' } },
    ]);
  });
});
