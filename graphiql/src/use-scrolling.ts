import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/** Keeps in sight what was just opened: the active tab, and the top of a panel. */
export function useScrolling(): void {
  const visiblePlugin = useGraphiQL((state) => state.visiblePlugin);
  const activeTab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: all panels share one element, which keeps its position
  useEffect(() => {
    document.querySelector('.graphiql-plugin')?.scrollTo(0, 0);
  }, [visiblePlugin]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab is found by its class
  useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTab]);
}
