import { expect, it, vi } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

it('a filter is read once for all merchants of an operation', async () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  await using gateway = await startTestGateway();
  const filter = { in: Array.from({ length: 500 }, (_, index) => `only here ${index}`) };
  const { errors } = await gateway.query(
    'query ($in: [String!]) { salesUnits(first: 20) { nodes { merchant { salesUnits(filter: { name: { in: $in } }) { totalCount } } } } }',
    filter,
  );
  expect(errors).toBeUndefined();
  const read = normalize.mock.contexts.filter((text) => String(text) === 'only here 7');
  normalize.mockRestore();
  expect(read).toHaveLength(1);
});
