import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Builds GraphiQL after `npm ci`. Without the development dependencies there is no Vite: the published package is built.

const root = new URL('../', import.meta.url);
const vite = new URL('node_modules/vite/bin/vite.js', root);
const config = new URL('vite.config.ts', import.meta.url);

if (existsSync(vite))
  execFileSync(process.execPath, [fileURLToPath(vite), 'build', '--config', fileURLToPath(config)], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
