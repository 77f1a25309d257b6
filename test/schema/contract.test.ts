import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printedSchema } from '../../src/cli/schema.ts';
import { schema } from '../../src/schema/index.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

describe('the schema', () => {
  it('is the one in schema.graphql', async () => {
    await expect(printedSchema()).toMatchFileSnapshot('../../schema.graphql');
  });

  it('describes every type, field, argument and value', () => {
    expect(types.flatMap(undescribed)).toEqual([]);
  });

  it('makes a Node of every object with an id', () => {
    const withId = types
      .filter(isObjectType)
      .filter((type) => String(type.getFields()['id']?.type) === 'ID!');
    expect(withId.map(({ name }) => name).sort()).toEqual([
      'Change',
      'Merchant',
      'PricePackage',
      'ProductOrder',
      'SalesUnit',
    ]);
    for (const type of withId) expect(type.getInterfaces().map(({ name }) => name)).toContain('Node');
  });

  it('gives every connection edges, nodes, pageInfo and totalCount', () => {
    const connections = types.filter(isObjectType).filter(({ name }) => name.endsWith('Connection'));
    expect(connections).not.toHaveLength(0);
    for (const connection of connections) {
      const noun = connection.name.replace('Connection', '');
      const fields = Object.entries(connection.getFields()).map(([name, { type }]) => `${name}: ${type}`);
      expect(fields).toEqual(
        expect.arrayContaining([
          `edges: [${noun}Edge!]!`,
          `nodes: [${noun}]!`,
          'pageInfo: PageInfo!',
          'totalCount: Int!',
        ]),
      );
    }
  });

  it('keeps nullable what needs another call, so that one failure never empties a page', () => {
    const unit = schema.getType('SalesUnit');
    const fields = isObjectType(unit) ? unit.getFields() : {};
    for (const name of ['businessIdentifier', 'configuration', 'merchant', 'productOrder'])
      expect(String(fields[name]?.type)).not.toMatch(/!$/);
  });
});

function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type))
    missing.push(
      ...type.getValues().flatMap(({ name, description }) => (description ? [] : `${type.name}.${name}`)),
    );
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    for (const field of Object.values(type.getFields())) {
      if (!field.description) missing.push(`${type.name}.${field.name}`);
      for (const argument of 'args' in field ? field.args : [])
        if (!argument.description) missing.push(`${type.name}.${field.name}(${argument.name}:)`);
    }
  return missing;
}
