import { randomUUID } from 'node:crypto';

/** The result of an action, shown on the next page. */
export interface Notice {
  readonly text: string;
  readonly failed: boolean;
}

/** Keeps the text here and only its id in the address, so that no link can make a page say something. */
export interface Notices {
  add(notice: Notice): string;
  find(id: string | null): Notice | undefined;
}

const MOST = 100;

export function createNotices(): Notices {
  const notices = new Map<string, Notice>();
  return {
    add(notice) {
      const [oldest] = notices.keys();
      if (notices.size >= MOST && oldest !== undefined) notices.delete(oldest);
      const id = randomUUID();
      notices.set(id, notice);
      return id;
    },
    find: (id) => notices.get(id ?? ''),
  };
}
