#!/usr/bin/env node
// Plain JavaScript, so that old versions of Node can report what they lack before they load TypeScript.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `management-graphql needs Node 22.19 or newer; this is ${process.versions.node}. ` +
      'In a checkout, "npm ci" installs a newer version, and "npm start" uses it.\n',
  );
  process.exit(1);
}

// V8 reads these when the process begins; later changes have no effect. So `serve` replaces the process by one with other
// flags, which keeps its id. What is set already stays as it is. Without the second one, V8 comes to allocate parts of each
// request among what lives long, where they keep the rest of the request in memory with them.
// docs/decisions/0035-what-a-request-leaves-behind.md has the figures.
const MEMORY = {
  'max-semi-space-size': '--max-semi-space-size=8',
  'allocation-site-pretenuring': '--no-allocation-site-pretenuring',
};
const [command = 'serve'] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').replaceAll('_', '-');
const missing = Object.keys(MEMORY).filter((name) => !given.includes(name));
const isWatched = /--(inspect|permission|watch)/.test(given);
// With a channel to its parent, the process cannot be replaced: the channel would be lost.
const canReplace = !process.connected && process.execve && process.platform !== 'win32';
if (command === 'serve' && missing.length > 0 && !isWatched && canReplace)
  process.execve(
    process.execPath,
    [process.execPath, ...missing.map((name) => MEMORY[name]), ...process.execArgv, ...process.argv.slice(1)],
    process.env,
  );

// A checkout runs the TypeScript sources. The published package contains only the output of `npm run build`.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source : new URL('../bundle/main.js', import.meta.url));
