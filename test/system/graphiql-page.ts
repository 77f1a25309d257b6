import type { Page } from 'playwright-core';

/** GraphiQL as a person uses it: by what stands on the buttons. */
export function graphiqlOn(page: Page) {
  const response = page.locator('.graphiql-response');
  return {
    /** Resolves when the schema is there and the editors can be used. */
    ready: async () => {
      await page.locator('.graphiql-query-editor .view-line').first().waitFor();
      await page.locator('.graphiql-sidebar').waitFor();
      await page.waitForLoadState('networkidle');
    },
    tabs: () => page.getByRole('tab').allInnerTexts(),
    openTab: (title: string) => page.getByRole('tab', { name: title }).click(),
    selectedTab: () => page.locator('[role=tab][aria-selected=true]').innerText(),
    query: () => page.locator('.graphiql-query-editor .view-lines').innerText(),
    /** Runs the open tab and gives the answer that the browser got. */
    run: async () => {
      const answered = page.waitForResponse((one) => one.request().method() === 'POST');
      await page.getByRole('button', { name: /^Execute query/ }).click();
      const answer = await (await answered).json();
      await response.getByText('"data"').waitFor();
      return answer;
    },
    /** What a person sees of the answer: the top of it. */
    shown: () => response.innerText(),
    openDocs: () => page.getByRole('button', { name: 'Show Documentation Explorer' }).click(),
    docs: page.locator('.graphiql-doc-explorer'),
  };
}
