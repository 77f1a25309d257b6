import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const LICENCE = /^(licen[cs]e|copying|third-?party)/i;

/** Collects the packages that are bundled, also into workers, and writes their licences beside the bundle. */
export function packageLicences(): { collect(): Plugin; write(): Plugin } {
  const folders = new Set<string>();
  return {
    collect: () => ({
      name: 'collect-licences',
      generateBundle(_options, bundle) {
        for (const output of Object.values(bundle))
          for (const id of output.type === 'chunk' ? Object.keys(output.modules) : []) {
            const folder = PACKAGE.exec(id.replace(/^\0/, ''))?.[1];
            if (folder) folders.add(folder);
          }
      },
    }),
    write: () => ({
      name: 'write-licences',
      // Workers are bundled while the page is, so this comes after all of them.
      generateBundle: {
        order: 'post',
        handler() {
          const source = [...folders].sort().map(licenceOf).join('\n');
          this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source });
        },
      },
    }),
  };
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${'='.repeat(80)}\n${name} ${version}, licence: ${license}\n\n${texts.join('\n\n')}\n`;
}
