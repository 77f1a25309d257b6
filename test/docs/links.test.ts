import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const markdownIn = (folder: string, recursive: boolean) =>
  readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(folder, name)));
const pages = [...markdownIn('.', false), ...markdownIn('docs', true)];

/** Returns the relative links of a page; code is left out, since brackets there mean other things. */
function relativeLinks(page: string): { path: string; anchor: string | undefined }[] {
  const prose = read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '`');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { path: path === '' ? page : normalize(join(dirname(page), path)), anchor };
    });
}

/** Returns the anchors that GitHub gives to the headings of a page. */
function anchors(page: string): Set<string> {
  const headings = read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const { files }: { files: string[] } = JSON.parse(read('package.json'));
// npm adds these whatever `files` says.
const alwaysPacked = ['README.md', 'LICENSE', 'package.json'];
const isPacked = (path: string) =>
  alwaysPacked.includes(path) ||
  (files.some((entry) => path === entry || path.startsWith(`${entry}/`)) && !files.includes(`!${path}`));

it.each(pages)('leads from %s to files and headings that exist', (page) => {
  const dead = relativeLinks(page).filter(
    ({ path, anchor }) => !existsSync(join(root, path)) || (anchor && !anchors(path).has(anchor)),
  );
  expect(dead).toEqual([]);
});

it.each(pages.filter(isPacked))('leads from %s to files that the npm package contains too', (page) => {
  expect(relativeLinks(page).filter(({ path }) => !isPacked(path))).toEqual([]);
});

// Decision records and the changelog describe their own time.
const timeless = pages.filter((page) => !/^(CHANGELOG\.md|docs\/decisions\/0)/.test(page));

it.each(timeless)('names in %s no source file that does not exist', (page) => {
  const named = [...read(page).matchAll(/`((?:src|test|attack|bench|contract|docs)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('keeps README.md within 150 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(151);
});
