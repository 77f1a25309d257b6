import type { DirectoryPage } from '../resolvers/directory-page.ts';
import { builder } from './builder.ts';

/** Folding a text and looking its words up take time. */
export const QUERY_LENGTH = 200;

export const SearchFieldRef = builder.enumType('SearchField', {
  description: 'What a word of a search was found in.',
  values: {
    NAME: { value: 'name', description: 'The name of the object itself.' },
    MERCHANT_NAME: { value: 'merchant', description: 'The name of the merchant of a sales unit.' },
    MSN: { value: 'msn', description: 'The merchant serial number.' },
    BUSINESS_IDENTIFIER: { value: 'org', description: 'The number of the business in its register.' },
  } as const,
});

export const matchedOnDescription =
  'What the words of `query` were found in. Empty without a query, or if it has no words.';
export const matchedOnOf = (edge: object) =>
  (edge as DirectoryPage<unknown>['edges'][number]).matchedOn ?? [];

export const isCompleteDescription =
  'False while the directory that answers does not know every sales unit and merchant yet, so that some may be missing from this list. `Query.directory` says why. Always true for a list that needs no directory.';
export const isCompleteOf = (page: object) => (page as DirectoryPage<unknown>).isComplete ?? true;
