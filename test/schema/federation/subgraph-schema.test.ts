import { buildSchema, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printedSubgraphSchema } from '../../../src/cli/schema.ts';
import { loadSubgraphSchema, schema } from '../../../src/schema/index.ts';

const subgraph = await loadSubgraphSchema();
const text = await printedSubgraphSchema();
const printed = buildSchema(text, { assumeValidSDL: true });
const fieldsOf = (type: unknown) => Object.keys((type as GraphQLObjectType).getFields()).sort();

describe('the schema of the subgraph', () => {
  it('is the one in schema.subgraph.graphql', async () => {
    await expect(text).toMatchFileSnapshot('../../../schema.subgraph.graphql');
  });

  it('has the fields of the schema of clients, without root nodes, under the same names', () => {
    const rootFields = fieldsOf(schema.getQueryType()).filter((name) => !['node', 'nodes'].includes(name));
    expect(fieldsOf(printed.getQueryType())).toEqual(rootFields);
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type === schema.getQueryType() || type.name.startsWith('__')) continue;
      const own = printed.getType(type.name) ?? printed.getType(`Management${type.name}`);
      expect([type.name, fieldsOf(own)]).toEqual([type.name, fieldsOf(type)]);
    }
  });

  it('has fields for routers, which neither text has', () => {
    for (const name of ['_entities', '_service']) {
      expect(subgraph.getQueryType()?.getFields()).toHaveProperty(name);
      expect(schema.getQueryType()?.getFields()).not.toHaveProperty(name);
      expect(text).not.toContain(name);
    }
    for (const name of ['_Any', '_Entity', '_Service']) expect(schema.getType(name)).toBeUndefined();
  });

  it('uses no type name that other subgraphs are likely to have', () => {
    const names = Object.keys(printed.getTypeMap());
    for (const generic of [
      'Address',
      'UserError',
      'UserErrorCode',
      'Hint',
      'Viewer',
      'Market',
      'OrderDirection',
    ])
      expect(names).not.toContain(generic);
    expect(names).toContain('ManagementUserError');
    // And `__typename` agrees with the text.
    expect(subgraph.getType('ManagementUserError')).toBeDefined();
    expect(subgraph.getType('UserError')).toBeUndefined();
  });

  it('names the objects by the keys of the Management API, and shares PageInfo', () => {
    expect(text.match(/^type .*@(?:key|shareable).*(?= \{$)/gm)).toEqual([
      'type Merchant implements Node @key(fields: "businessIdentifier { scheme value }")',
      'type PageInfo @shareable',
      'type PricePackage implements Node @key(fields: "pricePackageId")',
      'type ProductOrder implements Node @key(fields: "productOrderId")',
      'type SalesUnit implements Node @key(fields: "msn")',
    ]);
  });

  it('tells routers what fields cost and how long lists are', () => {
    const line = (start: string) => text.split('\n').find((one) => one.trim().startsWith(start));
    expect(line('configuration:')).toBe('  configuration: SalesUnitConfiguration @cost(weight: 1)');
    expect(line('): SalesUnitConnection!')).toContain(
      '@listSize(assumedSize: 50, slicingArguments: ["first", "last"]',
    );
    expect(line('): [PricePackage]!')).toContain('@listSize(assumedSize: 100');
    expect(text).not.toContain('@oneOf');
  });

  it('links to a version of federation that all composers accept', () => {
    const [first] = parse(text).definitions;
    expect(first?.kind).toBe('SchemaExtension');
    expect(text.split('\n')[0]).toContain('https://specs.apollo.dev/federation/v2.9');
  });
});
