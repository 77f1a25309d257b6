/** Each unit is one call, and each merchant another; some merchants have many units. */
const MOST_CALLS_PER_UNIT = 2;

/** Returns how long reading so many units and their merchants takes, for people: `8 to 17 min`. */
export function describeFillTime(units: number, callsPerSecond: number): string {
  const seconds = units / callsPerSecond;
  const most = MOST_CALLS_PER_UNIT * seconds;
  if (most < 60) return `${Math.ceil(seconds)} to ${Math.ceil(most)} s`;
  if (most < 2 * 3_600) return `${Math.ceil(seconds / 60)} to ${Math.ceil(most / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} to ${(most / 3_600).toFixed(1)} h`;
}
