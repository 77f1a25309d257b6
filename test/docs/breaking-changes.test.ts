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
const read = (path: string) => readFileSync(new URL(path, contract), 'utf8');
const namesOf = (what: string) =>
  readdirSync(contract).filter((name) => new RegExp(`^${what}-[\\d.]+\\.graphql$`).test(name));
const releases = namesOf('schema');
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

describe('schema.subgraph.graphql, compared with the last release that has one', () => {
  const [before = '', ...others] = namesOf('subgraph');
  // It uses directives of federation, which it does not define.
  const build = (text: string) => buildSchema(text, { assumeValidSDL: true });
  const keysOf = (text: string) => text.match(/^type \w+ implements .*@key\(.*\)/gm) ?? [];

  it('breaks no supergraph', async () => {
    expect(others).toEqual([]);
    const [from, to] = [read(before), read('../schema.subgraph.graphql')];
    expect(await breakingChanges(build(from), build(to))).toEqual([]);
    // Other subgraphs refer to its objects by them.
    expect(keysOf(from)).toHaveLength(4);
    expect(keysOf(to)).toEqual(expect.arrayContaining(keysOf(from)));
  });
});

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
