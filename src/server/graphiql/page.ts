import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { graphiqlPolicy } from './policy.ts';
import { graphiqlTabs } from './tabs.ts';

type Bytes = Buffer<ArrayBuffer>;

/** One page for all visitors: its bytes are shared by all answers under way. */
export interface GraphiqlPage {
  readonly gzipped: Bytes;
  readonly policy: string;
  /** Identifies the content, in quotes as in `ETag`; each encoding has a tag of its own. */
  readonly tags: { readonly gzip: string; readonly identity: string };
  /** The page for the few clients that can't read gzip, unpacked once on the first demand. */
  plain(): Promise<Bytes>;
}

/** Returns a function that makes the page on the first call. */
export function createGraphiqlPage(
  exampleMsn: () => string | undefined = () => undefined,
  callerHeaders?: Readonly<Record<string, string>>,
): () => Promise<GraphiqlPage> {
  let page: Promise<GraphiqlPage> | undefined;
  return () => (page ??= compress(render(exampleMsn(), callerHeaders)));
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

// GraphiQL keeps a stale offset on its tabs and lets it act on focus: a tab would jump away from under the pointer.
const TABS_STAY = '<style>.graphiql-tab{transform:none!important}</style>';

function render(
  exampleMsn: string | undefined,
  callerHeaders: Readonly<Record<string, string>> | undefined,
): string {
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
    // A key that somebody typed must not outlive the page in the browser's storage.
    shouldPersistHeaders: false,
    ...(headers && { headers, defaultHeaders: headers, defaultEditorToolsVisibility: 'headers' }),
  });
  return page.replace('</head>', () => `${TABS_STAY}</head>`);
}
