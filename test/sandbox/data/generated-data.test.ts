import { describe, expect, it } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';

// Computed another way than the sandbox does: all digits with their weights, check digit included, are divisible by 11.
const weights: Record<string, number[]> = {
  'business:NO:ORG': [3, 2, 7, 6, 5, 4, 3, 2, 1],
  'business:DK:CVR': [2, 7, 6, 5, 4, 3, 2, 1],
  'business:FI:Y-tunnus': [7, 9, 10, 5, 8, 4, 2, 1],
};
const formats: Record<string, RegExp> = {
  'business:NO:ORG': /^\d{9}$/,
  'business:DK:CVR': /^\d{8}$/,
  'business:FI:Y-tunnus': /^\d{7}-\d$/,
};
const isValid = ({ scheme, id }: { scheme: string; id: string }) => {
  const digits = [...id.replace('-', '')].map(Number);
  const sum = (weights[scheme] ?? []).reduce((total, weight, at) => total + weight * (digits[at] ?? 0), 0);
  return (formats[scheme]?.test(id) ?? false) && sum % 11 === 0;
};

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const snapshot = (seed: number, size: number) => {
  const world = createWorld(seed, size);
  return JSON.stringify([
    range(world.units.count).map((unit) => [
      world.units.msn(unit),
      world.unitName(unit),
      world.configuration(unit),
    ]),
    range(world.units.merchantCount).map(world.merchant),
    world.orders,
    world.pricePackages('sandbox-partner'),
  ]);
};

describe('the generated data', () => {
  it('is the same for the same seed and size, and another for another seed', () => {
    expect(snapshot(7, 120)).toBe(snapshot(7, 120));
    expect(snapshot(8, 120)).not.toBe(snapshot(7, 120));
  });

  it('knows the check digits of published numbers', () => {
    expect(isValid({ scheme: 'business:NO:ORG', id: '988077917' })).toBe(true);
    expect(isValid({ scheme: 'business:DK:CVR', id: '13585628' })).toBe(true);
    expect(isValid({ scheme: 'business:FI:Y-tunnus', id: '0112038-9' })).toBe(true);
    expect(isValid({ scheme: 'business:NO:ORG', id: '987654321' })).toBe(false);
  });

  it('has valid and distinct business identifiers of three countries, in merchants and in orders', () => {
    const world = createWorld(3, 5000);
    const identifiers = range(world.units.merchantCount).map(world.identifier);
    expect(identifiers.filter((identifier) => !isValid(identifier))).toEqual([]);
    expect(new Set(identifiers.map(({ id }) => id)).size).toBe(1000);
    expect(new Set(identifiers.map(({ scheme }) => scheme)).size).toBe(3);
    expect(world.orders.filter(({ businessIdentifier }) => !isValid(businessIdentifier))).toEqual([]);
  });

  it.each([1, 2, 4, 5, 6, 7, 24, 99, 1000])(
    'gives %i units to a fifth as many merchants, none without a unit',
    (size) => {
      const { units } = createWorld(1, size);
      const sizes = range(units.merchantCount).map(
        (merchant) => units.ofMerchant(merchant).filter((unit) => unit < size).length,
      );
      expect(units.merchantCount).toBe(Math.ceil(size / 5));
      expect(sizes.reduce((total, count) => total + count)).toBe(size);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(range(size).every((unit) => units.ofMerchant(units.record(unit).merchant).includes(unit))).toBe(
        true,
      );
    },
  );

  it('has unique MSNs of five to seven digits, also at full size', () => {
    const { units } = createWorld(1, 100_000);
    const msns = range(units.count).map(units.msn);
    expect(new Set(msns).size).toBe(units.count);
    expect(msns.filter((msn) => !/^[1-9]\d{4,6}$/.test(msn))).toEqual([]);
    expect(msns.slice(0, 100)).not.toEqual(msns.slice(0, 100).sort((a, b) => Number(a) - Number(b)));
  });

  it('keeps names and addresses within the contract, with letters of the north in most unit names', () => {
    const world = createWorld(2, 5000);
    const names = range(5000).map(world.unitName);
    const merchants = range(1000).map(world.merchant);
    const lines = merchants.flatMap(({ businessAddress, businessPostAddress }) => [
      ...(businessAddress?.lines ?? []),
      ...(businessPostAddress?.lines ?? []),
    ]);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(50);
    expect(Math.max(...merchants.map(({ name }) => name.length))).toBeLessThanOrEqual(50);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(names.filter((name) => /[æøåäö]/i.test(name)).length).toBeGreaterThan(2500);
    const kindOf = (address: unknown) =>
      address === undefined ? 'absent' : address === null ? 'null' : 'object';
    for (const field of ['businessAddress', 'businessPostAddress'] as const) {
      expect(new Set(merchants.map((merchant) => kindOf(merchant[field])))).toEqual(
        new Set(['absent', 'null', 'object']),
      );
    }
    expect(
      merchants.filter(({ createdAt, updatedAt }) => updatedAt.slice(0, 10) < createdAt.slice(0, 10)),
    ).toEqual([]);
  });

  it('has unit names that several merchants share', () => {
    const world = createWorld(1, 200);
    const merchantsByName = Map.groupBy(range(200), world.unitName);
    const shared = [...merchantsByName.values()].filter(
      (units) => new Set(units.map((unit) => world.units.record(unit).merchant)).size > 1,
    );
    expect(shared.length).toBeGreaterThan(0);
  });

  it('varies the configuration: every capture type, and every flag on, off and absent', () => {
    const world = createWorld(1, 200);
    const configurations = range(200).map(world.configuration);
    const valuesOf = (name: keyof (typeof configurations)[number]) =>
      new Set(configurations.map((one) => one[name]));
    expect(valuesOf('captureType')).toEqual(
      new Set(['ReserveCapture', 'DirectCapture', 'NotApplicable', undefined]),
    );
    expect(valuesOf('paymentAllowed')).toEqual(new Set([true, false, undefined]));
    expect(valuesOf('creditCardPaymentAllowed')).toEqual(new Set([true, false, undefined]));
  });
});
