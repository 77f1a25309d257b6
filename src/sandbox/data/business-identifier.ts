import type { Country } from './country.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface BusinessIdentifier {
  scheme: string;
  id: string;
}

/** The public numbering rule of a country: how a number without its check digit becomes a whole one. */
interface Numbering {
  /** First number without check digit, and how many follow it. */
  readonly first: number;
  readonly size: number;
  readonly digits: number;
  readonly weights: readonly number[];
  readonly separator: string;
}

const numberings: Record<Country['code'], Numbering> = {
  // Brønnøysund register: weights 3 2 7 6 5 4 3 2. The leading 3 keeps clear of the series that companies have (8, 9).
  NO: { first: 30_000_000, size: 10_000_000, digits: 8, weights: [3, 2, 7, 6, 5, 4, 3, 2], separator: '' },
  // Danish Business Authority: weights 2 7 6 5 4 3 2 1 over all eight digits, the sum divisible by 11.
  DK: { first: 1_000_000, size: 3_000_000, digits: 7, weights: [2, 7, 6, 5, 4, 3, 2], separator: '' },
  // Finnish business ID: weights 7 9 10 5 8 4 2, the check digit after a hyphen.
  FI: { first: 1_500_000, size: 2_000_000, digits: 7, weights: [7, 9, 10, 5, 8, 4, 2], separator: '-' },
};

// Shares no factor with any size above, so stepping by it visits every number once.
const STEP = 7_368_787;

/** Hands out business identifiers with valid check digits, never one twice. */
export function createIdentifierSource(random: SeededRandom): (country: Country) => BusinessIdentifier {
  const steps = new Map<string, number>();
  return (country) => {
    const numbering = numberings[country.code];
    const start = random.below(numbering.size, `identifier ${country.code}`, 0);
    for (let step = steps.get(country.code) ?? 0; ; step++) {
      const stem = String(numbering.first + ((start + step * STEP) % numbering.size)).padStart(
        numbering.digits,
        '0',
      );
      const check = checkDigit(stem, numbering.weights);
      if (check === undefined) continue;
      steps.set(country.code, step + 1);
      return { scheme: country.scheme, id: `${stem}${numbering.separator}${check}` };
    }
  };
}

// In all three rules the weighted sum plus the check digit is divisible by 11; a check of 10 has no digit.
function checkDigit(stem: string, weights: readonly number[]): number | undefined {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(stem[at]), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : check;
}
