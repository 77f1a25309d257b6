import type { PageConfig } from '../../src/server/graphiql/page-config.ts';

/** Returns what the server has written into the page. */
export function readPageConfig(): PageConfig {
  const text = document.getElementById('page-config')?.textContent;
  if (!text) throw new Error('The page contains no configuration.');
  return JSON.parse(text);
}
