/** What the work below takes on a machine at its usual speed, in milliseconds of the processor. */
const USUAL_MS = 30;

/** No bound is wider than this many times, however slow the machine is. */
const MOST = 3;

/**
 * Returns how many times slower than usual this machine is at the moment, from 1 to {@link MOST}. Bounds on times are multiplied by
 * it: a machine that others share may run at a third of its speed for minutes.
 */
export function slowness(): number {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({
    message: `not found ${index}`,
    path: ['rows', index],
    extensions: { code: 'NOT_FOUND', retryable: false },
  }));
  const times = [1, 2, 3, 4, 5].map(() => {
    const before = process.cpuUsage();
    JSON.parse(JSON.stringify(rows));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  const median = times.toSorted((a, b) => a - b)[2] ?? 0;
  return Math.min(MOST, Math.max(1, median / USUAL_MS));
}
