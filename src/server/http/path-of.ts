/** Returns the path of a request target. */
export const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
