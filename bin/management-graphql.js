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

// A checkout runs the TypeScript sources. The published package contains only the output of `npm run build`.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source : new URL('../dist/bundle/main.js', import.meta.url));
