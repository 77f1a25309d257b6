import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Installs the packages of a folder, unless they are installed as its lock file says. */
export function install(folder: URL): void {
  const path = fileURLToPath(folder);
  const timeOf = (file: string) => statSync(join(path, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (timeOf('node_modules/.package-lock.json') >= timeOf('package-lock.json')) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: path, stdio: 'inherit' });
}

export const setup = () => install(new URL('./', import.meta.url));
