import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import type { PageConfig } from '../../src/server/graphiql/page-config.ts';
import { explorerPlugin } from './explorer/explorer-plugin.tsx';
import { fetcher } from './fetcher.ts';
import { HeaderMenu } from './header-menu.tsx';
import { headersText } from './header-sets.ts';
import { Notice } from './notice.tsx';
import { StatusLine } from './status-line.tsx';
import { storageWithoutHeaders } from './storage.ts';
import { useNamedShortcuts } from './use-named-shortcuts.ts';
import { useScrolling } from './use-scrolling.ts';

/** As in `styles/narrow.css`. There is no room for an empty editor there. */
const isNarrow = matchMedia('(max-width: 760px)').matches;
const plugins = [explorerPlugin, HISTORY_PLUGIN];

/** The page: whose data this is, then GraphiQL. */
export function App({ config }: { readonly config: PageConfig }) {
  const { headerSets, tabs } = config;
  const headers = headersText(headerSets[0]);
  return (
    <>
      <Notice {...config.notice} />
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        defaultTabs={tabs.map((tab) => ({ ...tab, headers }))}
        // A key that was typed in must not stay in the browser's storage.
        shouldPersistHeaders={false}
        storage={storageWithoutHeaders}
        schemaDescription
        {...(headers !== null && { defaultHeaders: headers, initialHeaders: headers })}
        defaultEditorToolsVisibility={headers === null ? !isNarrow : 'headers'}
      >
        <GraphiQL.Logo>
          <HeaderMenu sets={headerSets} />
          <Habits />
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <StatusLine />
        </GraphiQL.Footer>
      </GraphiQL>
    </>
  );
}

/** Below GraphiQL, whose actions it needs. */
function Habits() {
  useNamedShortcuts();
  useScrolling();
  return null;
}
