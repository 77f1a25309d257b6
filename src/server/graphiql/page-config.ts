import type { HeaderSet } from '../auth/header-sets.ts';

/** What the data behind the page is. */
export type DataKind = 'sandbox' | 'real' | 'other';

/** What the server tells the page, as JSON in its HTML. The page in `graphiql/` imports these types and nothing else. */
export interface PageConfig {
  readonly title: string;
  readonly notice: DataNotice;
  readonly tabs: readonly PageTab[];
  /** Headers for each configured authentication method, to be filled in. */
  readonly headerSets: readonly HeaderSet[];
}

/** Says whose data an operation reads and changes. */
export interface DataNotice {
  readonly kind: DataKind;
  /** A word or two for the title. */
  readonly label: string;
  readonly text: string;
}

export interface PageTab {
  readonly query: string;
  readonly variables: string | null;
}
