#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it says what is missing before TypeScript is met.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `management-graphql needs Node 22.19 or newer; this is ${process.versions.node}. ` +
      'In a checkout, "npm ci" with its install scripts brings one, which "npm start" then uses.\n',
  );
  process.exit(1);
}

// A checkout runs its sources as they are; the published package holds only what `npm run build` made of them.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source : new URL('../dist/main.js', import.meta.url));
