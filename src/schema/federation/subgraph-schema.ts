import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { omitQueryFields } from './omit-query-fields.ts';
import { routerFields } from './router-fields.ts';
import { subgraphText } from './subgraph-text.ts';

/** Root fields that only one subgraph of a supergraph could have. */
const NODE_FIELDS = ['node', 'nodes'];

/** Before the names of types that other subgraphs may have as well, such as `UserError`. */
const PREFIX = 'Management';
/**
 * Names that keep their form: of the Management API, of what the gateway adds to it as a whole, and of what subgraphs share.
 * All others get the prefix, new ones too.
 */
const PLAIN_NAMES =
  /^(?:_|(?:Query|Mutation|Subscription|Node|PageInfo|DateTime|FieldChange|TextFilter)$|(?:BusinessIdentifier|CaptureType|Change|DeleteProduct|Directory|Merchant|Prefill|PricePackage|Product|SalesUnit)(?:[A-Z]|$))/;

/** Returns the schema as routers see it. Its text is in its extensions, for `_service`. */
export function createSubgraphSchema(whole: GraphQLSchema): GraphQLSchema {
  const schema = mapSchema(omitQueryFields(whole, NODE_FIELDS), {
    [MapperKind.ROOT_OBJECT]: (type) => type,
    [MapperKind.TYPE]: (type) => (PLAIN_NAMES.test(type.name) ? type : renamed(type, PREFIX + type.name)),
  });
  schema.extensions = { sdl: subgraphText(omitQueryFields(schema, routerFields)) };
  return schema;
}

function renamed(type: GraphQLNamedType, name: string): GraphQLNamedType {
  if (isObjectType(type)) return new GraphQLObjectType({ ...type.toConfig(), name });
  if (isInputObjectType(type)) return new GraphQLInputObjectType({ ...type.toConfig(), name });
  if (isEnumType(type)) return new GraphQLEnumType({ ...type.toConfig(), name });
  throw new Error(`a type of this kind cannot be renamed yet: ${type.name}`);
}
