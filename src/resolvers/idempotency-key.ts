const KEY = /^[a-zA-Z0-9-]{1,50}$/;

/** 1 to 50 letters, digits and hyphens, as the upstream accepts them. */
export const isIdempotencyKey = (text: string): boolean => KEY.test(text);
