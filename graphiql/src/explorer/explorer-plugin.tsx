import type { GraphiQLPlugin } from '@graphiql/react';
import { Explorer } from './explorer.tsx';

/** The panel in which a query is put together by clicks. */
export const explorerPlugin: GraphiQLPlugin = {
  title: 'Schema Explorer',
  icon: () => (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h6M4 12h3M4 19h3M7 5v14M12 12h8M12 19h8M14 5h6" strokeLinecap="round" />
    </svg>
  ),
  content: Explorer,
};
