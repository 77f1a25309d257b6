import { z } from 'zod';

const LONGEST = 64;
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Keeps RFC 3339 as it is, with all its digits. A time without a zone is UTC, whatever the zone of this machine. A date that
 * does not exist is invalid; JavaScript would read another day.
 */
export const DateTime = z.string().transform((text, context) => {
  const time = text.length <= LONGEST ? readDateTime(text) : undefined;
  if (time !== undefined) return time;
  context.addIssue({ code: 'custom', message: 'is not a valid date' });
  return z.NEVER;
});

function readDateTime(text: string): string | undefined {
  const parts = RFC_3339.exec(text);
  if (!parts) return readDate(text);
  const [, year, month, day, hour, minute, second, , zone] = parts;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const daysOfMonth = new Date(Date.UTC(2000 + (y % 400), m, 0)).getUTCDate();
  const isDate = m >= 1 && m <= 12 && d >= 1 && d <= daysOfMonth;
  const isTime = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60;
  if (!isDate || !isTime) return undefined;
  return zone === undefined ? `${text}Z` : text;
}

/** Reads a date without a time as midnight in UTC. */
function readDate(text: string): string | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? readDateTime(`${text}T00:00:00`) : undefined;
}
