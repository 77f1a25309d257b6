import { readdirSync, readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

interface AcceptedChange {
  readonly type: string;
  readonly path: string;
  readonly reason: string;
}

const contract = new URL('../../contract/', import.meta.url);
const releases = readdirSync(contract).filter((name) => /^schema-.*\.graphql$/.test(name));
const read = (path: string) => readFileSync(new URL(path, contract), 'utf8');
const released = buildSchema(read(releases[0] ?? ''));
const current = buildSchema(read('../schema.graphql'));
const accepted: AcceptedChange[] = JSON.parse(read('accepted-breaking-changes.json'));

async function breakingChanges(from: GraphQLSchema, to: GraphQLSchema): Promise<string[]> {
  const changes = await diff(from, to);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ type, path }) => `${type} ${path}`)
    .sort();
}

describe('schema.graphql, compared with the last release', () => {
  it('has exactly one release to compare with', () => {
    expect(releases).toHaveLength(1);
  });

  it('breaks no client, except where contract/accepted-breaking-changes.json says why', async () => {
    // Both directions: a break without an entry fails, and so does an entry without its break.
    expect(await breakingChanges(released, current)).toEqual(
      accepted.map(({ type, path }) => `${type} ${path}`).sort(),
    );
  });

  it('gives a reason for every accepted break', () => {
    for (const { reason } of accepted) expect(reason).toMatch(/\S+ \S+/);
  });

  it('reports a removed field, a field that became nullable and a new required argument', async () => {
    const from = buildSchema('type Query { unit(msn: String!): String name: String! old: Int }');
    const to = buildSchema('type Query { unit(msn: String!, market: String!): String name: String }');
    expect(await breakingChanges(from, to)).toEqual([
      'FIELD_ARGUMENT_ADDED Query.unit.market',
      'FIELD_REMOVED Query.old',
      'FIELD_TYPE_CHANGED Query.name',
    ]);
  });
});
