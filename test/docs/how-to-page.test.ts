import { readdirSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type DocumentMetric, documentMetrics } from '../../src/operation/document-metrics.ts';
import { schema } from '../../src/schema/index.ts';
import { highestLimits, operationLimits } from '../../src/server/limits/operation-limits.ts';
import { type CallClaim, howTo, sectionOf, type TaskQuery, taskQueries } from './how-to.ts';

const claimInText = ({ cold, withDirectory }: CallClaim) => {
  if (cold === undefined) return `Upstream calls: ${withDirectory}, with a directory only.`;
  if (cold === withDirectory) return `Upstream calls: ${cold}, with and without a directory.`;
  return `Upstream calls: ${cold} cold, ${withDirectory} with a complete directory.`;
};
/** The anchor of a heading that has letters, digits, spaces and commas only. */
const anchorOf = (title: string) => title.toLowerCase().replaceAll(',', '').replaceAll(' ', '-');

/** Where the section of a query begins in the page. */
const place = (query: TaskQuery) =>
  howTo.sections.map(({ text }) => text).indexOf(sectionOf(query)?.text ?? '');

describe('docs/how-to.md', () => {
  it('has at least twelve tasks, and files of queries and variables only', () => {
    expect(taskQueries.length).toBeGreaterThanOrEqual(12);
    const files = taskQueries.flatMap(({ name, variablesText }) =>
      variablesText === undefined ? [`${name}.graphql`] : [`${name}.graphql`, `${name}.json`],
    );
    expect(readdirSync(new URL('../../examples/queries', import.meta.url)).sort()).toEqual(files.sort());
  });

  it.each(taskQueries)('shows the file of $name, its variables and its calls as they are', (query) => {
    const { name, variablesText, claim } = query;
    const section = sectionOf(query)?.text;
    expect(section, `docs/how-to.md does not contain the text of ${name}.graphql`).toBeDefined();
    expect(section).toContain(`](../examples/queries/${name}.graphql)`);
    if (variablesText !== undefined)
      expect(section).toContain(
        `[\`${name}.json\`](../examples/queries/${name}.json)\n\n\`\`\`json\n${variablesText}\`\`\``,
      );
    expect(section).toContain(claimInText(claim));
  });

  it('shows no other query', () => {
    const shown = howTo.sections.flatMap(({ text }) => [...text.matchAll(/^```graphql$/gm)]);
    expect(shown).toHaveLength(taskQueries.length);
  });

  it('lists each task with the calls that its file claims', () => {
    const rows = taskQueries
      .toSorted((a, b) => place(a) - place(b))
      .map((query) => {
        const title = sectionOf(query)?.title ?? '';
        const { cold = '—', withDirectory } = query.claim;
        return `| [${title}](#${anchorOf(title)}) | ${cold} | ${withDirectory} |`;
      });
    expect(howTo.intro.match(/^\| \[.*$/gm)).toEqual(rows);
  });
});

describe.each(taskQueries)('the query $name', ({ text, claim, variables }) => {
  const document = parse(text);

  it('begins with a comment that says what it does and what it costs', () => {
    const [first, second] = text.split('\n');
    expect(first).toMatch(/^# [A-Z].*\.$/);
    expect(second).toMatch(/^# Upstream calls: /);
    if (claim.parts.length > 0) expect(claim.parts.reduce((sum, part) => sum + part)).toBe(claim.cold);
  });

  it('is one named operation that is valid, and that declares the variables of its file', () => {
    expect(validate(schema, document)).toEqual([]);
    const [operation, ...others] = document.definitions;
    expect(others).toEqual([]);
    if (operation?.kind !== 'OperationDefinition') throw new Error('not an operation');
    expect(operation.name?.value).toMatch(/^[A-Z]/);
    const declared = operation.variableDefinitions?.map(({ variable }) => variable.name.value);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(variables)));
  });

  it('is within the limits of a browser, without introspection', () => {
    const { sizes, introspects } = documentMetrics(document, highestLimits);
    const { browser } = operationLimits;
    const excess = (Object.keys(browser) as DocumentMetric[]).filter(
      (metric) => sizes[metric] > browser[metric],
    );
    expect(excess).toEqual([]);
    expect(introspects).toBe(false);
  });
});
