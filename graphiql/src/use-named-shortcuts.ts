import { isMacOs, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * Makes two shortcuts work that GraphiQL names: it binds them to Ctrl on a Mac, and to the Windows key elsewhere although
 * it says Ctrl. The third one, Shift-Ctrl-C, belongs to the browser there.
 */
export function useNamedShortcuts(): void {
  const { prettifyEditors, mergeQuery } = useGraphiQLActions();
  useEffect(() => {
    if (isMacOs) return;
    const press = (event: KeyboardEvent) => {
      if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return;
      const act = { KeyP: prettifyEditors, KeyM: mergeQuery }[event.code];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [prettifyEditors, mergeQuery]);
}
