import { type GraphQLResolveInfo, locatedError, responsePathAsArray } from 'graphql';
import type { RequestContext } from '../resolvers/context.ts';
import type { WriteFailure } from '../resolvers/prefill-product-order.ts';
import { selectedFields } from './selected-fields.ts';

/**
 * Sees to it that a failed write is an error of the answer whatever the client selected. Where `field` is selected, that
 * field throws it in its own place; else it is reported at the path of the payload.
 */
export function reportFailure(
  failure: WriteFailure | undefined,
  field: string,
  info: GraphQLResolveInfo,
  context: RequestContext,
  below: readonly (string | number)[] = [],
): void {
  if (!failure) return;
  const path = [...responsePathAsArray(info.path), ...below];
  let selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  for (const part of below) {
    if (typeof part === 'number') continue;
    selections = selectedFields(selections, info).flatMap(({ node }) =>
      node.name.value === part ? (node.selectionSet ?? []) : [],
    );
  }
  const isSelected = selectedFields(selections, info).some(({ node }) => node.name.value === field);
  if (!isSelected) context.report(locatedError(failure, info.fieldNodes, path));
}
