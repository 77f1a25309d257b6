import { createRoot } from 'react-dom/client';
import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './styles/page.css';
import './styles/explorer.css';
import './styles/narrow.css';
import { App } from './app.tsx';
import { readPageConfig } from './page-config.ts';
import { setUpWorkers } from './workers.ts';

const place = document.getElementById('page');
if (!place) throw new Error('The page has no place for GraphiQL.');
setUpWorkers();
createRoot(place).render(<App config={readPageConfig()} />);
