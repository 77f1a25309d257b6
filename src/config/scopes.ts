/** What a caller may do. */
export const scopes = ['read', 'product-orders:write', 'introspect'] as const;
export type Scope = (typeof scopes)[number];

/** The kind of client that holds a key. It decides how large an operation may be. */
export const audiences = ['browser', 'backend', 'router'] as const;
export type Audience = (typeof audiences)[number];
