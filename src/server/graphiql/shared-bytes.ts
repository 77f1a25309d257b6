import { readFile } from 'node:fs/promises';

type Bytes = Buffer<ArrayBuffer>;

const alive = new Map<string, WeakRef<Bytes>>();
const reading = new Map<string, Promise<Bytes>>();

/**
 * Reads a file that never changes. Responses that are under way at the same time share its bytes, however many readers
 * there are, and nothing is kept once the last of them has been sent.
 */
export async function readSharedBytes(file: URL): Promise<Bytes> {
  const { href } = file;
  const held = alive.get(href)?.deref();
  if (held) return held;
  const started =
    reading.get(href) ??
    readFile(file)
      .then((bytes) => {
        alive.set(href, new WeakRef(bytes));
        return bytes;
      })
      .finally(() => reading.delete(href));
  reading.set(href, started);
  return started;
}
