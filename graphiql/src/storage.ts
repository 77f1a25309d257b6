/** Where GraphiQL keeps tabs and queries, each with the headers of its request. */
const WITH_HEADERS = ['graphiql:tabState', 'graphiql:queries', 'graphiql:favorites'];
/** The header editor's own text, which GraphiQL stores if its settings ask for it. */
const HEADERS = 'graphiql:headers';
const PREFIX = 'graphiql:';

/**
 * Wraps `localStorage` and strips request headers. GraphiQL can omit them from its tabs, but it still saves them in its
 * history, and a key that was typed in must not be kept.
 */
export const storageWithoutHeaders = {
  get length() {
    return localStorage.length;
  },
  getItem: (key: string) => localStorage.getItem(key),
  setItem(key: string, value: string) {
    if (key === HEADERS) return;
    localStorage.setItem(key, WITH_HEADERS.includes(key) ? withoutHeaders(value) : value);
  },
  removeItem: (key: string) => localStorage.removeItem(key),
  clear() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  },
};

/** With `null` instead: GraphiQL does not take back a tab without the property. */
const withoutHeaders = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value) => (key === 'headers' ? null : value));
