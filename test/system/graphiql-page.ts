import type { Locator, Page } from 'playwright-core';

/** GraphiQL as a person uses it: by what stands on the buttons. */
export function graphiqlOn(page: Page) {
  const response = page.locator('.graphiql-response');
  const titles = () => page.locator('.graphiql-tab-button').allTextContents();
  return {
    /** Opens or reloads the page, and resolves when it has its schema and the editors can be used. */
    load: async (navigate: () => Promise<unknown>) => {
      const schema = page.waitForResponse((one) => one.request().method() === 'POST', { timeout: 10_000 });
      await Promise.all([navigate(), schema]);
      await page.locator('.graphiql-query-editor .view-line').first().waitFor();
      await page.locator('.graphiql-spinner').waitFor({ state: 'detached' });
    },
    tabs: titles,
    /** One click, and half a second later GraphiQL has noted which tab is open. */
    openTab: async (title: string) => {
      await page.getByRole('tab', { name: title }).click();
      await page.locator('[role=tab][aria-selected=true]', { hasText: title }).waitFor({ timeout: 2_000 });
      await stored(page, `"activeTabIndex":${(await titles()).indexOf(title)}`);
    },
    /** Types at the end of the query. */
    type: async (text: string) => {
      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(text);
      await stored(page, text);
    },
    /** Puts another text into the query editor. Pasted, since the editor closes brackets that are typed. */
    replace: async (text: string) => {
      // Closes what the editor suggests, which may cover it.
      await page.keyboard.press('Escape');
      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
      await stored(page, JSON.stringify(text).slice(1, -1));
    },
    selectedTab: () => page.locator('[aria-selected=true] .graphiql-tab-button').textContent(),
    query: () => textOf(page.locator('.graphiql-query-editor .view-lines')),
    /** Runs the open tab and gives the answer that the browser got. */
    run: async () => {
      const answered = page.waitForResponse((one) => one.request().method() === 'POST');
      await page.getByRole('button', { name: /^Execute query/ }).click();
      const answer = await (await answered).json();
      await response.getByText('"data"').waitFor();
      return answer;
    },
    /** What a person sees of the answer: the top of it. */
    shown: () => textOf(response),
    /** What the page says about the answer. */
    status: page.getByRole('status', { name: 'Last answer' }),
    openExplorer: () => page.getByRole('button', { name: 'Show Schema Explorer' }).click(),
    /** The row of a field in the explorer, below those that are named before it. */
    field: (...path: readonly string[]) =>
      path.reduce<Locator>(
        (above, name) => above.locator(`li[data-field="${name}"]`).first(),
        page.getByRole('region', { name: 'Schema explorer' }),
      ),
    openDocs: () => page.getByRole('button', { name: 'Show Documentation Explorer' }).click(),
    docs: page.locator('.graphiql-doc-explorer'),
  };
}

// The editor draws every space as one that does not break.
const textOf = async (locator: Locator) => (await locator.textContent())?.replaceAll('\u00a0', ' ');

/** GraphiQL writes down what it will need after a reload, a while after each change. */
const stored = (page: Page, text: string) =>
  page.waitForFunction((part) => localStorage.getItem('graphiql:tabState')?.includes(part), text);
