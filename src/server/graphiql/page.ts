import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { HeaderSet } from '../auth/header-sets.ts';
import { builtFolder, readTemplate } from './built-files.ts';
import type { DataNotice, PageConfig } from './page-config.ts';
import type { Encoding } from './sendable.ts';
import { graphiqlTabs, tabVariables } from './tabs.ts';

/** The HTML of GraphiQL in each encoding, with the `ETag` in quotes. All responses share its bytes. */
export type GraphiqlPage = Readonly<
  Record<Encoding, { readonly body: Buffer<ArrayBuffer>; readonly tag: string }>
>;

export interface GraphiqlPageOptions {
  /** A sales unit for the example queries. */
  readonly exampleMsn?: (() => string | undefined) | undefined;
  readonly headerSets?: readonly HeaderSet[] | undefined;
  readonly notice?: DataNotice | undefined;
  /** Where the built page is, if not in this package. */
  readonly folder?: URL | undefined;
}

/** Returns a function that creates the page on the first call. It throws as long as GraphiQL has not been built. */
export function createGraphiqlPage(options: GraphiqlPageOptions = {}): () => Promise<GraphiqlPage> {
  let page: Promise<GraphiqlPage> | undefined;
  return () => {
    page ??= render(options).catch((error) => {
      page = undefined;
      throw error;
    });
    return page;
  };
}

async function render(options: GraphiqlPageOptions): Promise<GraphiqlPage> {
  const config = pageConfig(options);
  const html = (await readTemplate(options.folder ?? builtFolder))
    .replace('{{TITLE}}', () => config.title.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
    // `<` could end the element that carries the text.
    .replace('"{{CONFIG}}"', () => JSON.stringify(config).replaceAll('<', '\\u003c'));
  const identity = Buffer.from(html);
  const hash = createHash('sha256').update(identity).digest('base64url');
  return {
    br: { body: await promisify(brotliCompress)(identity), tag: `"${hash}-br"` },
    gzip: { body: await promisify(gzip)(identity), tag: `"${hash}-gzip"` },
    identity: { body: identity, tag: `"${hash}"` },
  };
}

const unknownData: DataNotice = { kind: 'other', label: 'Unknown data', text: 'Mutations here may be real.' };

function pageConfig({ exampleMsn, headerSets = [], notice = unknownData }: GraphiqlPageOptions): PageConfig {
  const msn = exampleMsn?.() ?? '123456';
  return {
    title: `Management API – ${notice.label}`,
    notice,
    headerSets,
    tabs: graphiqlTabs.map(({ query, variables }) => ({
      query,
      variables: variables ? tabVariables(variables, msn, notice.kind === 'sandbox') : null,
    })),
  };
}
