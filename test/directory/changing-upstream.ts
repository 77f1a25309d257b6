import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { RunningDirectory } from '../../src/directory/directory.ts';
import type { ManagementApi } from '../../src/upstream/management-api.ts';
import type { BusinessIdentifier } from '../../src/upstream/models/identifiers.ts';

const STATUSES = ['RECEIVED', 'MERCHANT_VIEWED', 'ORDER_SUBMITTED', 'COMPLETED'];

const identifierOf = (merchant: number): BusinessIdentifier => ({
  scheme: 'business:NO:ORG',
  value: String(987_654_000 + merchant),
});
export const msnOf = (unit: number) => String(100_000 + unit);

interface Unit {
  name: string;
  merchant: number;
  recurringAllowed: boolean;
}

/** An upstream that changes and fails as it is told. */
export class ChangingUpstream {
  readonly units = new Map<number, Unit>();
  readonly merchants = new Map<number, string>();
  /** By number, with their place among the statuses. */
  readonly orders = new Map<number, number>();
  /** What the next calls fail with. */
  readonly failures: Error[] = [];

  change(change: UpstreamChange): void {
    const { unit, merchant, text } = change;
    const known = this.units.get(unit);
    if (change.kind === 'order') this.#moveOrder(unit);
    else if (change.kind === 'orderless') this.orders.delete(unit);
    else if (change.kind === 'remove') this.units.delete(unit);
    else if (change.kind === 'merchant') this.merchants.set(merchant, `Merchant ${text}`);
    else if (change.kind === 'rename' && known) known.name = `Unit ${text}`;
    else if (change.kind === 'move' && known) known.merchant = merchant;
    else if (change.kind === 'flag' && known) known.recurringAllowed = !known.recurringAllowed;
    else this.units.set(unit, { name: `Unit ${text}`, merchant, recurringAllowed: text.length > 2 });
  }

  #moveOrder(order: number): void {
    this.orders.set(order, ((this.orders.get(order) ?? -1) + 1) % STATUSES.length);
  }

  orderList = () =>
    [...this.orders].map(([order, status]) => ({
      productOrderId: `order-${order}`,
      productOrderType: 'PREFILL',
      productType: 'CHECKOUT',
      status: STATUSES[status],
      businessIdentifier: identifierOf(order % 3),
      salesUnit: null,
    }));

  list = () => [...this.units].map(([unit, { name }]) => ({ msn: msnOf(unit), name }));

  detail(msn: string) {
    const unit = this.units.get(Number(msn) - 100_000);
    if (!unit) return null;
    const { name, merchant, recurringAllowed } = unit;
    return { msn, name, businessIdentifier: identifierOf(merchant), configuration: { recurringAllowed } };
  }

  merchant(identifier: BusinessIdentifier) {
    const merchant = Number(identifier.value) - 987_654_000;
    return {
      businessIdentifier: identifier,
      name: this.merchants.get(merchant) ?? 'Merchant',
      countryCode: 'NO',
    };
  }

  /** As the client's: everything that is read is noted. */
  api(note: RunningDirectory['archive']['note']): ManagementApi {
    const call = async <T>(subject: Parameters<typeof note>[0], value: () => T): Promise<T> => {
      const readAt = Date.now();
      await sleep(1);
      const failure = this.failures.shift();
      if (failure) throw failure;
      const answer = structuredClone(value());
      await sleep(1);
      note(subject, { value: answer, readAt });
      return answer;
    };
    return {
      salesUnits: () => call({ kind: 'salesUnits' }, this.list),
      salesUnit: (msn: string) => call({ kind: 'salesUnit', msn }, () => this.detail(msn)),
      merchant: (identifier: BusinessIdentifier) =>
        call({ kind: 'merchant', identifier }, () => this.merchant(identifier)),
      productOrders: () =>
        call({ kind: 'productOrders', path: '/orders', includeExpired: true }, this.orderList),
      pricePackages: async () => [],
    } as unknown as ManagementApi;
  }

  /** The fields of everything, as changes name them, by what it is. */
  state(): Record<string, Record<string, string>> {
    const state: Record<string, Record<string, string>> = {};
    for (const [unit, { name, merchant, recurringAllowed }] of this.units) {
      const { scheme, value } = identifierOf(merchant);
      state[`unit ${msnOf(unit)}`] = {
        name,
        'businessIdentifier.scheme': scheme,
        'businessIdentifier.value': value,
        'configuration.recurringAllowed': String(recurringAllowed),
      };
      state[`merchant ${scheme} ${value}`] = {
        name: this.merchant({ scheme, value }).name,
        countryCode: 'NO',
      };
    }
    for (const { productOrderId, status, businessIdentifier } of this.orderList())
      state[`order ${productOrderId}`] = {
        type: 'PREFILL',
        productType: 'CHECKOUT',
        status: status ?? '',
        'businessIdentifier.scheme': businessIdentifier.scheme,
        'businessIdentifier.value': businessIdentifier.value,
      };
    return state;
  }

  /** All that a directory should know. */
  whole() {
    return [...this.units.keys()]
      .sort((left, right) => left - right)
      .map((unit) => {
        const details = this.detail(msnOf(unit));
        return { details, merchant: details && this.merchant(details.businessIdentifier) };
      });
  }
}

const kinds = ['add', 'remove', 'rename', 'move', 'flag', 'merchant', 'order', 'order', 'orderless'] as const;
export const upstreamChange = fc.record({
  kind: fc.constantFrom(...kinds),
  unit: fc.nat(4),
  merchant: fc.nat(3),
  text: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom(...'aåøæe Kk') }),
});
export type UpstreamChange = typeof upstreamChange extends fc.Arbitrary<infer T> ? T : never;
