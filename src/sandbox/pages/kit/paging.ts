import type { Html } from './html.ts';
import { html } from './html.ts';

export const PAGE_SIZE = 50;

/** The page that the query asks for, from 1 to the last one. */
export function readPageNumber(query: URLSearchParams, last = Number.POSITIVE_INFINITY): number {
  const asked = Number(query.get('page') ?? '1');
  return Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, Math.max(last, 1)) : 1;
}

/** Links to the pages around this one. */
export function pager(
  path: string,
  current: number,
  hasNext: boolean,
  query: Record<string, string> = {},
): Html {
  const to = (number: number) => `${path}?${new URLSearchParams({ ...query, page: String(number) })}`;
  return html`<nav aria-label="Pages"><p class="row">${
    current > 1 && html`<a class="button" rel="prev" href="${to(current - 1)}">Previous page</a>`
  }<span>Page ${current}</span>${
    hasNext && html`<a class="button" rel="next" href="${to(current + 1)}">Next page</a>`
  }</p></nav>`;
}
