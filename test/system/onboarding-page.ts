import type { Page } from 'playwright-core';

/** What is wrong with the page for somebody who cannot see it, or has a small screen. */
export async function flawsOf(page: Page): Promise<string[]> {
  const names = [];
  // The accessibility tree, which is what a screen reader gets.
  const tree = await page.locator('body').ariaSnapshot();
  const controls = /^\s*- '?(textbox|combobox|checkbox|radio|searchbox|button|link|img)(?: (".*"))?/;
  for (const line of tree.split('\n')) {
    const [, role, name] = controls.exec(line) ?? [];
    if (role && !name) names.push(`${role} without a name: ${line.trim()}`);
  }
  const levels = [...tree.matchAll(/heading .*\[level=(\d)\]/g)].map(([, level]) => Number(level));
  const jumps = levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
  const sizes = await page.locator('html').evaluate((html) => [html.scrollWidth, html.clientWidth]);
  const [content = 0, screen = 0] = sizes;
  // A table may be wider than its frame, but on a small screen its rows stand as blocks, which must fit.
  const frames = await page
    .locator('.scroll')
    .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  const hidden = screen < 400 ? Math.max(0, ...frames) : 0;
  return [
    ...names,
    ...(levels[0] === 1 && jumps.length === 0 ? [] : [`headings out of order: ${levels}`]),
    ...(content > screen ? [`${content} pixels wide on a screen of ${screen}`] : []),
    ...(hidden > 0 ? [`a table hides ${hidden} pixels of its rows`] : []),
  ];
}

/** Presses Tab until an element with this text has the focus, and gives the number of presses. */
export async function tabTo(page: Page, name: string): Promise<number> {
  const focused = page.locator(':focus');
  for (let presses = 1; presses < 200; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused.textContent())?.includes(name)) return presses;
  }
  throw new Error(`The keyboard never gets to «${name}».`);
}
