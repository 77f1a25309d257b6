import type { BusinessIdentifier } from '../../upstream/models/identifiers.ts';

/** True if the number is plausible for its register or bank; undefined if there is no published check. */
export type Verdict = boolean | undefined;

const NORWEGIAN = [3, 2, 7, 6, 5, 4, 3, 2];
const DANISH = [2, 7, 6, 5, 4, 3, 2, 1];
const FINNISH = [7, 9, 10, 5, 8, 4, 2];
const NORWEGIAN_ACCOUNT = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Zeros only have a valid check digit by every rule, and no register issues them. */
const isZero = (value: string) => /^[0-]+$/.test(value);

/** Returns whether a business number has the format and check digit of its register. */
export function isPlausibleBusiness({ scheme, value }: BusinessIdentifier): Verdict {
  const verdict = checkBusiness(scheme, value);
  return verdict && !isZero(value);
}

function checkBusiness(scheme: string, value: string): Verdict {
  switch (scheme) {
    // Weighted sum modulo 11; numbers with a remainder of 1 are not issued (source: Bronnoysund register).
    case 'business:NO:ORG':
      return /^\d{9}$/.test(value) && value.at(-1) === modulo11Digit(weigh(value, NORWEGIAN));
    // The check digit is part of the sum (source: Danish Business Authority).
    case 'business:DK:CVR':
      return /^\d{8}$/.test(value) && weigh(value, DANISH) % 11 === 0;
    case 'business:FI:Y-tunnus':
      return /^\d{7}-\d$/.test(value) && value.at(-1) === modulo11Digit(weigh(value, FINNISH));
    default:
      return undefined;
  }
}

/** Returns whether an account number has the length and check digit of its country. */
export function isPlausibleAccount({ scheme, value }: { scheme: string; value: string }): Verdict {
  const verdict = checkAccount(scheme, value);
  return verdict && !isZero(value);
}

function checkAccount(scheme: string, value: string): Verdict {
  switch (scheme) {
    case 'BBAN:NO':
      return /^\d{11}$/.test(value) && isNorwegianAccount(value);
    // Four digits of registration number and ten of the account; its check differs from bank to bank.
    case 'BBAN:DK':
      return /^\d{14}$/.test(value);
    // The electronic form (source: Federation of Finnish Financial Services).
    case 'BBAN:FI':
      return /^\d{14}$/.test(value) && isLuhn(value);
    default:
      return undefined;
  }
}

// Accounts with 00 in places 5 and 6 are checked from place 7 on (source: ECBS TR201).
function isNorwegianAccount(value: string): boolean {
  const short = value.slice(4, 6) === '00';
  const sum = short ? weigh(value.slice(6), NORWEGIAN_ACCOUNT.slice(6)) : weigh(value, NORWEGIAN_ACCOUNT);
  return value.at(-1) === modulo11Digit(sum);
}

function weigh(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0);
}

// Undefined for a remainder of 1, whose check digit would be 10.
function modulo11Digit(sum: number): string | undefined {
  const remainder = sum % 11;
  if (remainder === 1) return undefined;
  return String(remainder === 0 ? 0 : 11 - remainder);
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
