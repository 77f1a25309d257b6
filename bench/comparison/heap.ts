import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LISTENING = /^Debugger listening on (ws:\S+)$/m;
const WITHIN_MS = 5_000;

/**
 * Returns the heap in use after garbage collection, in MB. A signal opens the inspector of the process, which writes to `log`;
 * until then the process is as in production. NaN if the inspector's port, 9229, is in use.
 */
export async function heapAfterGc(pid: number, log: string): Promise<number> {
  if (!LISTENING.test(readFileSync(log, 'utf8'))) process.kill(pid, 'SIGUSR1');
  const url = await inspectorUrl(log);
  if (url === undefined) return Number.NaN;
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
  });
  const call = (method: string) =>
    new Promise<{ usedSize?: number }>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data)).result), {
        once: true,
      });
      socket.send(JSON.stringify({ id: 1, method }));
    });
  // What the first collection frees may keep other things alive.
  for (let round = 0; round < 2; round++) await call('HeapProfiler.collectGarbage');
  const { usedSize = Number.NaN } = await call('Runtime.getHeapUsage');
  socket.close();
  return usedSize / 1024 / 1024;
}

async function inspectorUrl(log: string): Promise<string | undefined> {
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end) {
    const url = LISTENING.exec(readFileSync(log, 'utf8'))?.[1];
    if (url !== undefined) return url;
    await sleep(20);
  }
  return undefined;
}
