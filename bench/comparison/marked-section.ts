/** Puts text between the comments that mark a section of a page. Throws if the page has no such section. */
export function withSection(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no section ${name}`);
  return page.slice(0, from + start.length) + text + page.slice(to);
}
