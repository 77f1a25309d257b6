/** A relative link of a page. `path` is empty for a link within the page. */
export interface RelativeLink {
  readonly path: string;
  readonly anchor: string | undefined;
}

const withoutBlocks = (markdown: string) => markdown.replaceAll(/^ *(```|~~~)[\s\S]*?^ *\1$/gm, '');

/** Returns the relative links of a page: of Markdown, with or without a title, of references and of HTML. */
export function relativeLinks(markdown: string): RelativeLink[] {
  // Code is left out, since brackets there mean other things.
  const prose = withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, '`');
  const targets = [
    ...prose.matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g),
    ...prose.matchAll(/^ {0,3}\[[^\]]+\]: *(\S+)/gm),
    ...prose.matchAll(/<\w+ [^>]*\b(?:href|src)="([^"]+)"/g),
  ].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { path, anchor };
    });
}

/** Returns the anchors that GitHub gives to the headings of a page; the second of the same text ends with `-1`. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm)) {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}
