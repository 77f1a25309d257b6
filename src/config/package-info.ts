import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Name and version of this package, which the upstream sees as the calling system by default. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** Reads package.json, which is beside `src` in a checkout and beside `dist` in the published package. */
export function readPackageInfo(): PackageInfo {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(text));
}
