import { expectUserError, order, prefill } from '../inputs/order-inputs.ts';
import type { Row } from '../test-context.ts';

export const idempotencyKeyRows: readonly Row[] = [
  {
    id: 'A55',
    what: 'invalid idempotency keys',
    run: async (context) => {
      for (const idempotencyKey of [
        'x'.repeat(51),
        'x'.repeat(256),
        '',
        'a\r\nX-Evil: 1',
        'a b',
        'æ',
        '\u0000',
      ])
        await expectUserError(context, JSON.stringify(idempotencyKey.slice(0, 20)), prefill, {
          input: { ...order, idempotencyKey },
        });
    },
  },
];
