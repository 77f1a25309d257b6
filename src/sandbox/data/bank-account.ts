import type { Country } from './country.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface BankAccount {
  scheme: string;
  id: string;
}

/** An account of the form that its country has, with a good check digit where the rule is public. */
export function createBankAccount(random: SeededRandom, { code }: Country, index: number): BankAccount {
  const digits = (count: number, first: string) =>
    first +
    String(random.below(10 ** (count - first.length), `account ${code}`, index)).padStart(
      count - first.length,
      '0',
    );
  const scheme = `BBAN:${code}`;
  if (code === 'DK') return { scheme, id: digits(13, '9300') + random.below(10, 'account end', index) };
  if (code === 'FI') return { scheme, id: withLuhn(digits(13, '123456')) };
  // One stem in eleven has no check digit; the next one has.
  for (let stem = Number(digits(10, '86')); ; stem++) {
    const id = withWeights(String(stem));
    if (id !== undefined) return { scheme, id };
  }
}

function withWeights(stem: string): string | undefined {
  const sum = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2].reduce(
    (total, weight, at) => total + weight * Number(stem[at]),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : `${stem}${check}`;
}

function withLuhn(stem: string): string {
  const sum = [...stem].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  // The stem has 13 digits, so that doubling starts with its first.
  return `${stem}${(10 - (sum % 10)) % 10}`;
}
