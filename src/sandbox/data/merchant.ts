import type { BusinessIdentifier } from './business-identifier.ts';
import type { Country } from './country.ts';
import { denmark } from './denmark.ts';
import { finland } from './finland.ts';
import { norway } from './norway.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface Address {
  lines: string[];
  postCode?: string | null;
  city?: string | null;
  countryCode?: string | null;
}

/** A merchant as the API sends it. */
export interface Merchant {
  businessIdentifier: BusinessIdentifier;
  name: string;
  status: 'ACTIVE' | 'DEACTIVATED';
  createdAt: string;
  updatedAt: string;
  countryCode: string;
  businessAddress?: Address | null;
  businessPostAddress?: Address | null;
}

// Half of the merchants are Norwegian; all three countries turn up among the first three merchants.
const countries = [
  norway,
  denmark,
  finland,
  norway,
  norway,
  denmark,
  norway,
  finland,
  norway,
  denmark,
] as const;
const FIRST_DAY = Date.UTC(2018, 0, 2);
const DAYS = 2900;
const DAY_MS = 86_400_000;

/** Returns the country of a business from the scheme of its identifier. An unknown scheme counts as Norwegian. */
export function countryOfScheme(scheme: string): Country {
  return countries.find((country) => country.scheme === scheme) ?? norway;
}

export function countryOf(index: number): Country {
  return countries[index % countries.length] ?? norway;
}

/** The part of a company's name that its sales units carry too. */
export function brandOf(random: SeededRandom, index: number, country = countryOf(index)): string {
  return `${random.pick(country.names, 'name', index)} ${random.pick(country.trades, 'trade', index)}`;
}

export function createMerchant(
  random: SeededRandom,
  index: number,
  businessIdentifier: BusinessIdentifier,
  status: Merchant['status'],
  country = countryOf(index),
): Merchant {
  const town = random.pick(country.towns, 'town', index);
  const created = random.below(DAYS, 'created', index);
  const updated = created + random.below(DAYS - created, 'updated', index);
  const merchant: Merchant = {
    businessIdentifier,
    name: `${brandOf(random, index, country)} ${town.city} ${random.pick(country.companyForms, 'form', index)}`,
    status,
    createdAt: timestamp(random, created, 'created', index),
    updatedAt: timestamp(random, updated, 'updated', index),
    countryCode: country.code,
  };

  // The contract lets an address be an object, null or left out, and its parts be null: clients meet all of these.
  const place = { postCode: town.postCode, city: town.city, countryCode: country.code };
  const kind = random.below(12, 'address', index);
  if (kind === 0) merchant.businessAddress = null;
  else if (kind === 1)
    merchant.businessAddress = { lines: [], postCode: null, city: town.city, countryCode: country.code };
  else if (kind > 2) merchant.businessAddress = { lines: streetLines(random, country, index), ...place };

  const postKind = random.below(6, 'post address', index);
  const box = `${country.postBox} ${1 + random.below(2400, 'box', index)}`;
  if (postKind < 2) merchant.businessPostAddress = null;
  else if (postKind > 3) merchant.businessPostAddress = { lines: [box], ...place };
  return merchant;
}

function streetLines(random: SeededRandom, country: Country, index: number): string[] {
  const street = `${random.pick(country.streets, 'street', index)} ${1 + random.below(89, 'house', index)}`;
  return random.chance(0.15, 'care of', index)
    ? [`c/o ${brandOf(random, index, country)}`, street]
    : [street];
}

// Microseconds, as in the upstream's own example: a client that expects milliseconds should find out here.
function timestamp(random: SeededRandom, day: number, stream: string, index: number): string {
  const time = FIRST_DAY + day * DAY_MS + random.below(DAY_MS, `${stream} time`, index);
  const micros = String(random.below(1000, `${stream} micros`, index)).padStart(3, '0');
  return new Date(time).toISOString().replace('Z', `${micros}Z`);
}
