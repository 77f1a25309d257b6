import { expect } from 'vitest';

interface Located {
  readonly path?: readonly (string | number)[] | undefined;
}

/**
 * Expects the same errors of two runs. Several errors may take the same object; which of them come in time to be told is up to
 * the network, so that such runs must have one in common.
 */
export function expectSameErrors<Told extends Located>(
  data: unknown,
  actual: readonly Told[],
  expected: readonly Told[],
  message: string,
): void {
  const byPlace = { actual: grouped(data, actual), expected: grouped(data, expected) };
  expect([...byPlace.actual.keys()].sort(), message).toEqual([...byPlace.expected.keys()].sort());
  for (const [place, told] of byPlace.actual) {
    const wanted = byPlace.expected.get(place) ?? [];
    const common = told.filter((one) => wanted.includes(one));
    if (common.length === 0) expect(told, message).toEqual(wanted);
  }
}

/** Errors as text, by the path of what they have made null. */
function grouped<Told extends Located>(data: unknown, errors: readonly Told[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const error of errors) {
    const place = nullIn(data, error.path ?? []);
    groups.set(place, [...(groups.get(place) ?? []), JSON.stringify(error)]);
  }
  return groups;
}

function nullIn(data: unknown, path: readonly (string | number)[]): string {
  let value = data;
  for (const [index, key] of path.entries()) {
    if (value == null) return JSON.stringify(path.slice(0, index));
    value = (value as Record<string | number, unknown>)[key];
  }
  return JSON.stringify(path);
}
