import { describe, expect, it } from 'vitest';
import { parseInSlices } from '../../src/upstream/http/parse-in-slices.ts';

/** Long enough for several slices. */
const rows = Array.from({ length: 20_000 }, (_, at) => ({ msn: String(at), name: `Søstjerne ${at}` }));
const compact = JSON.stringify(rows);

describe('a long body', () => {
  it.each([
    ['compact', compact],
    ['indented', `\n ${JSON.stringify(rows, null, 2)} \n`],
    ['names like the end of an object', JSON.stringify(rows.map((row) => ({ ...row, name: '},{' })))],
    ['lists of objects in rows', JSON.stringify(rows.map((row) => ({ ...row, tags: [{ a: 1 }, { b: 2 }] })))],
    ['texts', JSON.stringify(rows.map(({ name }) => name))],
    ['an object', JSON.stringify({ rows })],
    ['a text', JSON.stringify(compact)],
    ['an empty list', '[]'],
    ['null', 'null'],
  ])('is parsed as JSON.parse does: %s', async (_name, text) => {
    expect(await parseInSlices(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['without its end', compact.slice(0, -20)],
    ['an item missing', compact.replace('},{', '},,{')],
    ['a comma at the end', compact.replace(/\]$/, ',]')],
    ['something after it', `${compact} x`],
    ['two lists', `${compact},${compact}`],
    ['nothing', ''],
  ])('that is not JSON is a syntax error: %s', async (_name, text) => {
    await expect(parseInSlices(text)).rejects.toThrow(SyntaxError);
  });

  it('leaves turns to others while it is parsed', async () => {
    const text = JSON.stringify(Array.from({ length: 10 }, () => rows).flat());
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await parseInSlices(text);
    isDone = true;
    expect(turns).toBeGreaterThan(20);
  });
});
