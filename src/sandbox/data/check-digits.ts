import type { BankAccount } from './bank-account.ts';
import type { BusinessIdentifier } from './business-identifier.ts';

type Holds = (id: string) => boolean;

const weighted =
  (length: number, weights: readonly number[], first = 0): Holds =>
  (digits) =>
    digits.length === length &&
    weights.reduce((sum, weight, at) => sum + weight * Number(digits[first + at]), 0) % 11 === 0;

const luhn =
  (length: number): Holds =>
  (digits) => {
    const sum = [...digits].reverse().reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return digits.length === length && sum % 10 === 0;
  };

const form =
  (pattern: RegExp, rule: Holds): Holds =>
  (id) =>
    pattern.test(id) && rule(id.replaceAll('-', ''));

// The weights are those of the public rules, with 1 for the check digit itself.
const norwegianAccount = weighted(11, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
const shortNorwegianAccount = weighted(11, [5, 4, 3, 2, 1], 6);

const businessRules: readonly (readonly [string, Holds])[] = [
  ['business:NO:', form(/^\d{9}$/, weighted(9, [3, 2, 7, 6, 5, 4, 3, 2, 1]))],
  ['business:DK:', form(/^\d{8}$/, weighted(8, [2, 7, 6, 5, 4, 3, 2, 1]))],
  ['business:FI:', form(/^\d{7}-\d$/, weighted(8, [7, 9, 10, 5, 8, 4, 2, 1]))],
  ['business:SE:', form(/^\d\d[2-9]\d{3}-?\d{4}$/, luhn(10))],
];
const accountRules: readonly (readonly [string, Holds])[] = [
  // Where digits 5 and 6 are zeros, only what follows counts (source: ECBS technical report 201).
  ['BBAN:NO', (id) => (id.slice(4, 6) === '00' ? shortNorwegianAccount(id) : norwegianAccount(id))],
  // The banks' own rules are not public; four digits of registration number and ten of account are.
  ['BBAN:DK', (id) => id.length === 14],
  ['BBAN:FI', luhn(14)],
];

/** False when the country's public rule says that there can be no such number; true where no rule is known. */
export function canBeBusiness({ scheme, id }: BusinessIdentifier): boolean {
  return businessRules.find(([start]) => scheme.startsWith(start))?.[1](id) ?? true;
}

/** As for businesses. */
export function canBeAccount({ scheme, id }: BankAccount): boolean {
  return accountRules.find(([known]) => known === scheme)?.[1](id) ?? true;
}
