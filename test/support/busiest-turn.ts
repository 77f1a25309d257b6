const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/**
 * Returns the text that `work` gives, and the longest that the main thread worked in one turn of the event loop
 * meanwhile. The time of the processor counts, not that of the clock, which runs on while other processes have the core.
 */
export async function busiestTurn(work: () => Promise<string>): Promise<{ text: string; busyMs: number }> {
  let busyMs = 0;
  let isRunning = true;
  let before = cpuMs();
  const look = () => {
    const now = cpuMs();
    busyMs = Math.max(busyMs, now - before);
    before = now;
    if (isRunning) setImmediate(look);
  };
  setImmediate(look);
  const text = await work();
  isRunning = false;
  busyMs = Math.max(busyMs, cpuMs() - before);
  return { text, busyMs };
}
