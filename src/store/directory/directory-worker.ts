import { parentPort } from 'node:worker_threads';
import { ChangesExpired } from '../../directory/changes/change.ts';
import type { DirectoryIndex } from '../../directory/directory-index.ts';
import { isDamage, setAside } from './database.ts';
import { fromJson, toJson } from './json.ts';
import type { FromWorker, OpenRequest, ToWorker } from './protocol.ts';
import { openSqliteDirectory } from './sqlite-directory.ts';

// The thread of all directories: SQLite blocks, and must not block the event loop of the gateway.

interface Opened {
  readonly request: OpenRequest;
  index: DirectoryIndex | undefined;
}

const opened = new Map<string, Opened>();
const port = parentPort;
const send = (message: FromWorker) => port?.postMessage(message);

function openIndex(
  file: string,
  { path, maxAgeMs, changesKeepMs, gapMs, confirmMs }: OpenRequest,
): DirectoryIndex {
  return openSqliteDirectory({
    file: path,
    maxAgeMs,
    changesKeepMs,
    gapMs,
    confirmMs,
    onChanges: (stored) => send({ file, changes: toJson(stored) }),
    onDamage: (reason) => send({ file, damage: reason }),
  });
}

async function run(message: ToWorker): Promise<unknown> {
  if (message.method === 'open') {
    const { file, request } = message;
    // First, so that the next request tries again: another process may still have the file.
    const entry: Opened = { request, index: undefined };
    opened.set(file, entry);
    entry.index = openIndex(file, request);
    return undefined;
  }
  const known = opened.get(message.file);
  if (!known) throw new Error('it is not open');
  if (message.method === 'close') {
    opened.delete(message.file);
    return known.index?.close();
  }
  known.index ??= openIndex(message.file, known.request);
  try {
    const method = known.index[message.method] as (...args: unknown[]) => Promise<unknown>;
    return await method(...(fromJson(message.args) as unknown[]));
  } catch (error) {
    if (!isDamage(error)) throw error;
    const damaged = known.index;
    known.index = undefined;
    await damaged.close().catch(() => {});
    setAside(known.request.path);
    send({ file: message.file, damage: (error as Error).message });
    throw error;
  }
}

port?.on('message', async (message: ToWorker) => {
  const { id } = message;
  try {
    send({ id, result: toJson((await run(message)) ?? null) });
  } catch (error) {
    if (error instanceof ChangesExpired) send({ id, expired: error.oldest });
    else send({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
