import type { Locator, Page } from 'playwright-core';

/** GraphiQL as a person uses it: by what stands on the buttons. */
export function graphiqlOn(page: Page) {
  const response = page.locator('.graphiql-response');
  return {
    /** Opens or reloads the page, and resolves when it has its schema and the editors can be used. */
    load: async (navigate: () => Promise<unknown>) => {
      const schema = page.waitForResponse((one) => one.request().method() === 'POST', { timeout: 10_000 });
      await Promise.all([navigate(), schema]);
      await page.locator('.graphiql-query-editor .view-line').first().waitFor();
      await page.locator('.graphiql-spinner').waitFor({ state: 'detached' });
    },
    tabs: () => page.locator('.graphiql-tab-button').allTextContents(),
    openTab: (title: string) => page.getByRole('tab', { name: title }).click(),
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
    openDocs: () => page.getByRole('button', { name: 'Show Documentation Explorer' }).click(),
    docs: page.locator('.graphiql-doc-explorer'),
  };
}

// The editor draws every space as one that does not break.
const textOf = async (locator: Locator) => (await locator.textContent())?.replaceAll('\u00a0', ' ');
