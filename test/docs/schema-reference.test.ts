import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaReference } from '../../scripts/schema-reference/page.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/schema.md', () => {
  it('is what schema.graphql says: if not, run `npm run schema`', () => {
    expect(read('docs/schema.md')).toBe(schemaReference(read('schema.graphql')));
  });

  it('has a heading for every type and for every field of Query, Mutation and Subscription', () => {
    const sdl = read('schema.graphql');
    const types = [...sdl.matchAll(/^(?:type|interface|input|enum|scalar) (\w+)/gm)].map(([, name]) => name);
    const roots = [...sdl.matchAll(/^type (Query|Mutation|Subscription) \{\n([\s\S]*?)^\}/gm)];
    const rootFields = roots.flatMap(([, root, body = '']) =>
      [...body.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, field]) => `${root}.${field}`),
    );
    expect(roots).toHaveLength(3);
    const headings = [...read('docs/schema.md').matchAll(/^##+ (\S+)$/gm)].map(([, heading]) => heading);
    const kinds = ['Objects', 'Interfaces', 'Inputs', 'Enums', 'Scalars'];
    expect(headings.sort()).toEqual([...types, ...rootFields, ...kinds].sort());
  });

  it('has a row for every field, argument and value', () => {
    const sdl = read('schema.graphql').replaceAll(/"""[\s\S]*?"""/g, '');
    // Fields with arguments end with a bracket, and values stand alone. Fields of the root types have headings.
    const members = sdl.match(/^ +\w+(?:\(|: .*|)$/gm) ?? [];
    const rows = read('docs/schema.md').match(/^\| `\w+` \|/gm) ?? [];
    const rootFields = read('docs/schema.md').match(/^### \w+\.\w+$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.length + rootFields.length).toBe(members.length);
  });
});

describe('the generator', () => {
  const page = schemaReference(`
    "Reads."
    type Query {
      "Finds a thing. Costs one upstream call. \`null\` if there is none."
      thing("Its kind, as a|b." kind: Kind! = A, "Its size." size: Size = { width: 1 }): Thing
      "Is old." old: [String!]! @deprecated(reason: "Use \`thing\`.")
    }
    "A thing." interface Thing { "Its <id>." id: ID! }
    "One that is small." type Small implements Thing { "Its id." id: ID! "Costs no call." free: Int }
    "Any." union Any = Small
    "A kind." enum Kind { "Second." B "First." A @deprecated(reason: "Gone.") }
    "A size." input Size @oneOf { "In mm." width: Int "In | cm." height: Int @deprecated(reason: "Use mm.") }
    "A time." scalar Time @specifiedBy(url: "https://example.com/time")
  `);

  it('splits the cost from the description, and shows arguments with their defaults', () => {
    expect(page).toContain(
      [
        '### Query.thing',
        'Type: [`Thing`](#thing)',
        'Finds a thing. `null` if there is none.',
        '**Costs one upstream call.**',
        '| Argument | Type | Default | Description |\n| --- | --- | --- | --- |',
      ].join('\n\n'),
    );
    expect(page).toContain('| `kind` | [`Kind!`](#kind) | `A` | Its kind, as a\\|b. |');
    expect(page).toContain('| `size` | [`Size`](#size) | `{width: 1}` | Its size. |');
    expect(page).toContain('| `free` | `Int` |  | Costs no call. |');
  });

  it('shows deprecated fields, values and inputs', () => {
    expect(page).toContain('Type: `[String!]!`\n\n**Deprecated:** Use `thing`. Is old.');
    expect(page).toContain('| `A` | **Deprecated:** Gone. First. |\n| `B` | Second. |');
    expect(page).toContain('| `height` | `Int` | **Deprecated:** Use mm. In \\| cm. |');
  });

  it('shows what kinds of types have of their own', () => {
    expect(page).toContain('Implemented by: [`Small`](#small)\n\n| Field | Type | Description |');
    expect(page).toContain('| `id` | `ID!` | Its &lt;id>. |');
    expect(page).toContain('Implements: [`Thing`](#thing)');
    expect(page).toContain('## Unions\n\n### Any\n\nAny.\n\nOne of: [`Small`](#small)');
    expect(page).toContain('Exactly one of the fields must be set (`@oneOf`).');
    expect(page).toContain('## Scalars\n\n### Time\n\nA time.\n\nSpecified by https://example.com/time');
  });
});
