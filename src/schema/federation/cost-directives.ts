import { type GraphQLField, getNullableType, isListType } from 'graphql';
import { DEFAULT_PAGE_SIZE } from '../../resolvers/paging/page-request.ts';
import { costOf } from '../work/cost.ts';

/**
 * Returns the directives from which a router estimates what a field costs. A weight is the number of upstream calls for one
 * parent object, so that the estimate of a router grows as ours does.
 */
export function costDirectives(field: GraphQLField<unknown, unknown>): string {
  const { calls = 0, lists = [], details, rows } = costOf(field);
  const weight = Math.max(calls + lists.length, details ? 1 : 0);
  const cost = weight > 0 ? [`@cost(weight: ${weight})`] : [];
  return [...cost, ...listSize(field, rows)].join(' ');
}

function listSize(field: GraphQLField<unknown, unknown>, rows: ReturnType<typeof costOf>['rows']): string[] {
  if (rows === 'page') {
    const sizes = field.args.map(({ name }) => name).filter((name) => name === 'first' || name === 'last');
    return [
      `@listSize(assumedSize: ${DEFAULT_PAGE_SIZE}, slicingArguments: ${JSON.stringify(sizes)}, sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`,
    ];
  }
  const isList = isListType(getNullableType(field.type));
  return typeof rows === 'number' && isList
    ? [`@listSize(assumedSize: ${rows}, requireOneSlicingArgument: false)`]
    : [];
}
