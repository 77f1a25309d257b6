import fc from 'fast-check';
import type { CallerName } from './tokens.ts';

export type Partner = Extract<CallerName, 'partner' | 'otherPartner'>;
export type Status =
  | 'RECEIVED'
  | 'MERCHANT_VIEWED'
  | 'ORDER_SUBMITTED'
  | 'COMPLETED'
  | 'REJECTED'
  | 'EXPIRED';

// Ten digits, so that no generated merchant has one of them.
const business = fc.constantFrom('9000000001', '9000000002', '9000000003');
const partner = fc.constantFrom<Partner>('partner', 'partner', 'otherPartner');
const place = fc.nat({ max: 40 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      partner,
      business,
      key: fc.nat({ max: 9 }),
      variant: fc.constantFrom('plain', 'plain', 'shuffled', 'other', 'broken'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      place,
      to: fc.constantFrom<Status>('MERCHANT_VIEWED', 'ORDER_SUBMITTED', 'COMPLETED', 'REJECTED'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), place, partner }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('details' as const), place, partner }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), partner, expired: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('units' as const), partner }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(1, 6, 13, 14) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('closeUnit' as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('closeMerchant' as const), business }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What happens to a sandbox, one thing after the other. */
export const steps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 40, maxLength: 60 });
