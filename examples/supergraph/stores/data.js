import { createHash } from 'node:crypto';

// A stand-in for the database of another team: made up, but always the same for the same key.

const SUBJECTS = [
  'Settlement is missing',
  'New phone number',
  'How do refunds work?',
  'Change of bank account',
];

const numberOf = (text, below) => createHash('sha256').update(text).digest().readUInt32BE() % below;

export function ratingOf(msn) {
  const reviews = numberOf(`reviews ${msn}`, 500);
  return reviews === 0 ? null : { stars: 1 + numberOf(`stars ${msn}`, 41) / 10, reviews };
}

/** Returns the cases of a business. A number names the business and the case, so that it can be found by it. */
export function casesOf({ scheme, value }) {
  return Array.from({ length: numberOf(`cases ${scheme} ${value}`, 3) }, (_, index) =>
    supportCase({ scheme, value }, index),
  );
}

export function caseWith(number) {
  const [scheme, value, index] = Buffer.from(number, 'base64url').toString().split(' ');
  return casesOf({ scheme, value })[Number(index)] ?? null;
}

function supportCase(businessIdentifier, index) {
  const { scheme, value } = businessIdentifier;
  const key = `${scheme} ${value} ${index}`;
  return {
    number: Buffer.from(key).toString('base64url'),
    subject: SUBJECTS[numberOf(`subject ${key}`, SUBJECTS.length)],
    isOpen: numberOf(`open ${key}`, 2) === 0,
    merchant: { businessIdentifier },
  };
}
