import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showFilling } from '../../src/cli/show-filling.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const shown = (isTTY: boolean, counts: readonly (readonly [known: number, missing: number])[]) => {
  let text = '';
  let at = 0;
  const records = () => {
    const [known = 0, missing = 0] = counts[at++] ?? counts.at(-1) ?? [];
    return { known, missing };
  };
  const stop = showFilling(records, { isTTY, write: (more) => (text += more) });
  vi.advanceTimersByTime(1_000 * (counts.length + 3));
  stop();
  return text.split('\r').filter((frame) => frame !== '');
};

it('shows a person how far the directories are, once they are being filled and until they are complete', () => {
  const frames = shown(true, [
    [0, 0],
    [100, 900],
    [400, 800],
    [1_200, 0],
    [1_200, 0],
  ]);
  expect(frames).toHaveLength(3);
  expect(frames[0]).toContain('] 100 of 1000 records of the directory\x1b');
  expect(frames[1]).toContain('] 400 of 1200 records of the directory, 3 s left');
  expect(frames[2]).toContain('] 1200 of 1200 records of the directory\x1b[K\n');
});

it('shows nothing of directories that are complete, or where nobody watches', () => {
  expect(shown(true, [[100, 0]])).toEqual([]);
  expect(shown(false, [[100, 900]])).toEqual([]);
});
