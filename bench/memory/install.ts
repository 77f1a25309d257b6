import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Packs this checkout, installs the package below `folder`, and returns its command. */
export function installPackage(folder: string): string {
  const consumer = join(folder, 'consumer');
  mkdirSync(consumer);
  run(['pack', '--pack-destination', folder], root);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack made no package');
  run(['install', '--no-audit', '--no-fund', '--no-package-lock', join(folder, tarball)], consumer);
  return join(consumer, 'node_modules/management-graphql/bin/management-graphql.js');
}

const run = (args: string[], cwd: string) =>
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
