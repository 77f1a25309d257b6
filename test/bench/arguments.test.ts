import { describe, expect, it } from 'vitest';
import { ArgumentError, readArguments } from '../../bench/comparison/arguments.ts';
import { rows } from '../../bench/comparison/rows.ts';
import { chosenRows } from '../../bench/comparison/suite.ts';

const namesOf = (...args: string[]) => chosenRows(rows, readArguments(args)).map(({ name }) => name);

describe('arguments of the benchmark', () => {
  it('measure all rows in five rounds when there are none', () => {
    expect(readArguments([])).toMatchObject({ rounds: 5, hurry: 1, contestants: [] });
    expect(namesOf()).toEqual(rows.map(({ name }) => name));
  });

  it('choose rows by the beginnings of their names', () => {
    expect(namesOf('--only', 'q2v,page')).toEqual(['q2v', 'q2v-unseen', 'q2v-uncached', 'page']);
  });

  it('leave out long rows of a quick run, unless they are named', () => {
    expect(namesOf('--quick')).not.toContain('million');
    expect(namesOf('--quick', '--only', 'million')).toEqual(['million']);
    expect(readArguments(['--quick'])).toMatchObject({ rounds: 3, hurry: 2 });
  });

  it('read names and values of endpoints, headers and other checkouts', () => {
    const { endpoints, headers, gateways } = readArguments([
      '--endpoint=tailcall=http://127.0.0.1:8000/graphql?a=b',
      '--header=Authorization: Bearer a:b',
      '--gateway=before=/tmp/before',
    ]);
    expect([...endpoints]).toEqual([['tailcall', 'http://127.0.0.1:8000/graphql?a=b']]);
    expect(headers).toEqual({ Authorization: 'Bearer a:b' });
    expect([...gateways]).toEqual([['before', '/tmp/before']]);
  });

  it.each([
    [['--rounds', '0'], '--rounds must be a whole number above 0'],
    [['--rounds', 'many'], '--rounds must be a whole number above 0'],
    [['--endpoint', 'http'], '--endpoint must have the form NAME=VALUE'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('are refused: %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(ArgumentError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
