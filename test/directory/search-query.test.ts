import { describe, expect, it } from 'vitest';
import { readSearchQuery } from '../../src/directory/search-query.ts';

const words = (text: string) =>
  readSearchQuery(text).terms.map(({ words, field, isPhrase }) => {
    const text = isPhrase ? `"${words.join(' ')}"` : words.join(' ');
    return field ? `${field}:${text}` : text;
  });

describe('readSearchQuery', () => {
  it.each([
    ['Søstjerne Kafé', ['sostjerne', 'kafe']],
    ['"Blåbær & Sønn" oslo', ['"blabaer sonn"', 'oslo']],
    ['name:kafe merchant:"Ærlig AS"', ['name:kafe', 'merchant:"aerlig as"']],
    ['NAME:Kafe', ['name:kafe']],
    ['987 654 321', ['987654321']],
    ['NO 987 654 321', ['987654321']],
    ['NO987654321MVA', ['987654321']],
    ['NO 987654321 MVA kafe', ['987654321', 'kafe']],
    ['org:1234567-8', ['org:12345678']],
    ['FI12345678', ['12345678']],
    ['24-7 kiosk', ['24', '7', 'kiosk']],
    ['msn: 123456', ['msn', '123456']],
    ['foo:bar', ['foo', 'bar']],
    ['constructor:x __proto__', ['constructor', 'x', 'proto']],
  ])('reads %s', (text, expected) => expect(words(text)).toEqual(expected));

  it.each(['', '   ', '"', '"""', ':', 'is:', '*', '()', '\u0000', '🙂', '" OR 1=1 --', 'a"b"c', '\ud800'])(
    'never fails: %s',
    (text) => expect(() => readSearchQuery(text)).not.toThrow(),
  );

  it('reads conditions', () => {
    const { flags, captureTypes, countries, terms } = readSearchQuery(
      'is:recurring not:late-capture capture:reserve capture:direct country:no kafe',
    );
    expect([...flags]).toEqual([
      ['recurringAllowed', true],
      ['lateCaptureAllowed', false],
    ]);
    expect([...captureTypes]).toEqual(['ReserveCapture', 'DirectCapture']);
    expect([...countries]).toEqual(['NO']);
    expect(terms).toHaveLength(1);
  });

  it('reads a condition that does not exist as words', () =>
    expect(words('is:happy capture:later country:norway')).toEqual([
      'is',
      'happy',
      'capture',
      'later',
      'country',
      'norway',
    ]));

  it('has a limit on terms', () => expect(words('a '.repeat(100))).toHaveLength(12));
});
