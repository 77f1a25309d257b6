import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PackageInfo } from './config.ts';

/** Name and version from package.json, which stands beside `src` in a checkout and beside `dist` when installed. */
export function readPackageInfo(): PackageInfo {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(text));
}
