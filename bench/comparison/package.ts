import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);

/**
 * Builds the gateway of a checkout, this one when left out, into a folder as the published package has it. Returns that
 * folder, or the given one if it is a package and no checkout.
 */
export function buildPackage(name: string, checkout?: string): URL {
  const from = checkout === undefined ? root : new URL(`${pathToFileURL(checkout).href}/`);
  if (!existsSync(new URL('src', from))) return from;
  const to = new URL(`.cache/bench/${name}/`, root);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  execFileSync(
    process.execPath,
    [
      fileURLToPath(new URL('node_modules/typescript/bin/tsc', from)),
      '-p',
      fileURLToPath(new URL('tsconfig.build.json', from)),
      '--outDir',
      fileURLToPath(new URL('dist', to)),
    ],
    { stdio: 'inherit' },
  );
  for (const part of ['bin', 'contract', 'package.json', 'graphiql/built'])
    if (existsSync(new URL(part, from))) cpSync(new URL(part, from), new URL(part, to), { recursive: true });
  symlinkSync(new URL('node_modules', from), new URL('node_modules', to));
  return to;
}
