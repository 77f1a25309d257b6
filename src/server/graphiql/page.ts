import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { graphiqlPolicy } from './policy.ts';
import { graphiqlTabs } from './tabs.ts';

type Bytes = Buffer<ArrayBuffer>;

/** The page of GraphiQL. All responses share its bytes. */
export interface GraphiqlPage {
  readonly gzipped: Bytes;
  readonly policy: string;
  /** The `ETag` of each encoding, in quotes. */
  readonly tags: { readonly gzip: string; readonly identity: string };
  /** Returns the page for the few clients that do not accept gzip. Unpacked on the first call. */
  plain(): Promise<Bytes>;
}

/** Returns a function that creates the page on the first call. */
export function createGraphiqlPage(
  exampleMsn: () => string | undefined = () => undefined,
  callerHeaders?: Readonly<Record<string, string>>,
): () => Promise<GraphiqlPage> {
  let page: Promise<GraphiqlPage> | undefined;
  return () => (page ??= render(exampleMsn(), callerHeaders).then(compress));
}

async function compress(html: string): Promise<GraphiqlPage> {
  const hash = createHash('sha256').update(html).digest('base64url');
  const gzipped = await promisify(gzip)(html);
  let plain: Promise<Bytes> | undefined;
  return {
    gzipped,
    policy: graphiqlPolicy(html),
    tags: { gzip: `"${hash}-gzip"`, identity: `"${hash}"` },
    plain: () => (plain ??= promisify(gunzip)(gzipped)),
  };
}

// GraphiQL keeps a stale offset on its tabs and applies it on focus, so a tab would move away from the pointer.
const TABS_STAY = '<style>.graphiql-tab{transform:none!important}</style>';

async function render(
  exampleMsn: string | undefined,
  callerHeaders: Readonly<Record<string, string>> | undefined,
): Promise<string> {
  // Its text takes 30 MB of memory, and most processes are never asked for the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = callerHeaders && JSON.stringify(callerHeaders, null, 2);
  const defaultTabs = graphiqlTabs.map(({ query, variables }) => ({
    query,
    variables: variables?.replace('{{MSN}}', exampleMsn ?? '123456') ?? null,
    headers: headers ?? null,
  }));
  const page = renderGraphiQL({
    title: 'Management API',
    defaultTabs,
    schemaDescription: true,
    isHeadersEditorEnabled: true,
    // A key that was typed in must not stay in the browser's storage.
    shouldPersistHeaders: false,
    ...(headers && { headers, defaultHeaders: headers, defaultEditorToolsVisibility: 'headers' }),
  });
  return page.replace('</head>', () => `${TABS_STAY}</head>`);
}
