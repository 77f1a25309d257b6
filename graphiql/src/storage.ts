/**
 * The browser's storage without headers: GraphiQL leaves them out of its tabs when it is told to, but not out of its
 * history, and a key that was typed in must not stay.
 */
export const storageWithoutHeaders = {
  get length() {
    return localStorage.length;
  },
  getItem: (key: string) => localStorage.getItem(key),
  setItem: (key: string, value: string) => localStorage.setItem(key, withoutHeaders(value)),
  removeItem: (key: string) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
};

function withoutHeaders(text: string): string {
  if (!text.startsWith('{')) return text;
  return JSON.stringify(JSON.parse(text), (key, value) => (key === 'headers' ? undefined : value));
}
