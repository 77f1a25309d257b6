import { describe, expect, it } from 'vitest';
import { checkGoals } from '../../bench/comparison/check-goals.ts';
import { figures, rowWith } from './figures.ts';

const place = (row: string, who: string) => ({ row, step: 'warm', who, figure: 'perSecond' }) as const;
const twice = { text: 'twice', of: place('q2v', 'gateway'), over: place('q2v', 'floor'), atLeast: 2 };

describe('goals of the benchmark', () => {
  it('compare two servers within each round', () => {
    const row = rowWith('q2v', 'warm', {
      gateway: [100, 30, 90].map((perSecond) => figures({ perSecond, cpuSecondsPerThousand: 1 })),
      floor: [50, 10, 60].map((perSecond) => figures({ perSecond, cpuSecondsPerThousand: 3 })),
    });
    expect(checkGoals([row], [twice])).toEqual([
      { text: 'twice', value: { median: 2, min: 1.5, max: 3 }, byCpu: 3, goal: '>= 2', isMet: true },
    ]);
    expect(checkGoals([row], [{ ...twice, atLeast: 2.01 }])[0]?.isMet).toBe(false);
  });

  it('compare two rows by the median of the other', () => {
    const rows = [
      rowWith('q2v', 'warm', { gateway: [8, 10, 12].map((perSecond) => figures({ perSecond })) }),
      rowWith('q3', 'warm', { gateway: [1, 5, 2].map((perSecond) => figures({ perSecond })) }),
    ];
    const goal = { ...twice, over: place('q3', 'gateway') };
    expect(checkGoals(rows, [goal])[0]?.value).toEqual({ median: 5, min: 4, max: 6 });
  });

  it('are missed when the figure is not exactly the wanted one', () => {
    const goal = { text: 'calls', of: place('q2v', 'gateway'), atMost: 121, atLeast: 121 };
    const check = (perSecond: number) =>
      checkGoals([rowWith('q2v', 'warm', { gateway: [figures({ perSecond })] })], [goal])[0];
    expect(check(121)).toMatchObject({ goal: '= 121', isMet: true });
    expect(check(122)?.isMet).toBe(false);
    expect(check(120)?.isMet).toBe(false);
  });

  it('are left out when a server was not measured or a figure is unknown', () => {
    expect(checkGoals([rowWith('q2v', 'warm', { gateway: [figures({})] })], [twice])).toEqual([]);
    const unknown = rowWith('q2v', 'warm', {
      gateway: [figures({ perSecond: Number.NaN })],
      floor: [figures({})],
    });
    expect(checkGoals([unknown], [twice])).toEqual([]);
  });

  it('bound the delay of the event loop in every row that the gateway is in', () => {
    const row = rowWith('any', 'step', {
      gateway: [figures({ loopP99Ms: 21 })],
      floor: [figures({ loopP99Ms: 99 })],
    });
    expect(checkGoals([row])).toMatchObject([
      { text: 'any step: event-loop delay p99 in ms, gateway', goal: '<= 20', isMet: false },
    ]);
  });
});
