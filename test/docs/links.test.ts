import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorsOf, relativeLinks } from './markdown-links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules', 'dist', 'coverage'] }).sort();

const linksOf = (page: string) =>
  relativeLinks(read(page)).map(({ path, anchor }) => ({
    path: path === '' ? page : normalize(join(dirname(page), path)),
    anchor,
  }));
const hasAnchor = (path: string, anchor: string) => path.endsWith('.md') && anchorsOf(read(path)).has(anchor);

const { files }: { files: string[] } = JSON.parse(read('package.json'));
// npm adds these whatever `files` says.
const alwaysPacked = ['README.md', 'LICENSE', 'package.json'];
const isPacked = (path: string) =>
  alwaysPacked.includes(path) ||
  (files.some((entry) => path === entry || path.startsWith(`${entry}/`)) && !files.includes(`!${path}`));

it.each(pages)('leads from %s to files and headings that exist', (page) => {
  const dead = linksOf(page).filter(
    ({ path, anchor }) => !existsSync(join(root, path)) || (anchor !== undefined && !hasAnchor(path, anchor)),
  );
  expect(dead).toEqual([]);
});

it.each(pages.filter(isPacked))('leads from %s to files that the npm package contains too', (page) => {
  expect(linksOf(page).filter(({ path }) => !isPacked(path))).toEqual([]);
});

// Decision records and the changelog describe their own time.
const timeless = pages.filter((page) => !/^(CHANGELOG\.md|docs\/decisions\/0)/.test(page));

it.each(timeless)('names in %s no source file that does not exist', (page) => {
  const named = [
    ...read(page).matchAll(/`((?:src|test|attack|bench|chaos|scripts|examples|contract|docs)\/[\w./-]+)`/g),
  ].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('keeps README.md within 150 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(151);
});

it('checks the pages of every folder', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/how-to.md', 'docs/decisions/README.md']),
  );
});

describe('the documentation list of README.md', () => {
  const [, list = ''] = /^## Documentation\n([\s\S]*?)^## /m.exec(read('README.md')) ?? [];
  const listed = relativeLinks(list).map(({ path }) => path);

  it('has every page that the npm package contains', () => {
    const own = pages.filter((page) => isPacked(page) && /^docs\/[^/]+$/.test(page));
    expect(own.filter((page) => !listed.includes(page))).toEqual([]);
  });

  it('names the pages on tasks, the schema, errors, limits, authentication and operation', () => {
    for (const name of ['how-to', 'schema', 'error-codes', 'querying', 'callers', 'operations']) {
      expect(listed).toContain(`docs/${name}.md`);
      if (name !== 'how-to')
        expect(relativeLinks(read('docs/how-to.md')).map(({ path }) => path)).toContain(`${name}.md`);
    }
  });
});

describe('the check itself', () => {
  it('finds links with titles, references and links in HTML, and none in code', () => {
    const page =
      '[a](b.md#c "t") `[x](y.md)` <img src="d.png">\n[e]: f.md\n[web](https://example.com)\n```\n[g](h.md)\n```\n';
    expect(relativeLinks(page).map(({ path }) => path)).toEqual(['b.md', 'f.md', 'd.png']);
  });

  it('knows the anchors of GitHub', () => {
    const page = '# A `b.c`, d\n## Same\n### Same\n## [Link](x.md) & more\n```\n# no\n```\n';
    expect([...anchorsOf(page)]).toEqual(['a-bc-d', 'same', 'same-1', 'link--more']);
  });
});
