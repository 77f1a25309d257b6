import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);
/** What the gateway reads of its package. */
const PARTS = ['bin', 'bundle', 'contract', 'graphiql/built', 'package.json'];

/**
 * Builds the gateway of a checkout, this one when left out, and copies it into a folder as the published package has it,
 * without the sources. Returns that folder, or the given one if it is a package and no checkout.
 */
export function buildPackage(name: string, checkout?: string): URL {
  const from = checkout === undefined ? root : new URL(`${pathToFileURL(checkout).href}/`);
  if (!existsSync(new URL('src', from))) return from;
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(from),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const to = new URL(`.cache/bench/${name}/`, root);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const part of PARTS)
    if (existsSync(new URL(part, from))) cpSync(new URL(part, from), new URL(part, to), { recursive: true });
  symlinkSync(new URL('node_modules', from), new URL('node_modules', to));
  return to;
}
