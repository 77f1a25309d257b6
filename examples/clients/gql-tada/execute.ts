import type { TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';

interface FieldError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly retryable: boolean; readonly retryAfterMs?: number };
}

interface Answer<Data> {
  /** Null if the whole operation failed. */
  readonly data?: Data | null;
  /** A field that failed is null in `data` and has an error with its path here. */
  readonly errors?: readonly FieldError[];
}

const url = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';

export async function execute<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  return response.json();
}
