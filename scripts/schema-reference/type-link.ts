import { type GraphQLType, getNamedType, isSpecifiedScalarType } from 'graphql';

/** Returns a type as code, with a link to its section unless GraphQL itself defines it. */
export function linkTo(type: GraphQLType): string {
  const named = getNamedType(type);
  const code = `\`${String(type)}\``;
  return isSpecifiedScalarType(named) ? code : `[${code}](#${named.name.toLowerCase()})`;
}
