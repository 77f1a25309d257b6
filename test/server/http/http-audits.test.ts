import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

let url = '';
const audits = serverAudits({ url: () => url });

describe('GraphQL over HTTP', () => {
  let gateway: TestGateway;
  let listening: Awaited<ReturnType<typeof listen>>;

  beforeAll(async () => {
    gateway = await startTestGateway();
    listening = await listen(gateway);
    url = listening.url;
  });

  afterAll(async () => {
    await listening[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  it('is audited in 61 points', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, 'reason' in result ? result.reason : undefined).toBe('ok');
  });
});
