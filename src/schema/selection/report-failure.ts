import { type GraphQLResolveInfo, locatedError, responsePathAsArray } from 'graphql';
import type { RequestContext } from '../../resolvers/context.ts';
import type { WriteFailure } from '../../resolvers/write-failure.ts';
import { selectedFields } from './selected-fields.ts';

/**
 * Ensures that a failed write becomes an error of the response, whatever the client selected. If `field` is selected, it
 * throws the error itself; otherwise this reports the error at the path of the payload.
 */
export function reportFailure(
  failure: WriteFailure | undefined,
  field: string,
  info: GraphQLResolveInfo,
  context: RequestContext,
  below: readonly (string | number)[] = [],
): void {
  if (!failure) return;
  const path: (string | number)[] = [...responsePathAsArray(info.path)];
  let selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  for (const part of below) {
    const nodes = selectedFields(selections, info)
      .map(({ node }) => node)
      .filter(({ name }) => name.value === part);
    const [node] = nodes;
    // A field that is not selected has no path in the response.
    if (typeof part === 'string' && !node) break;
    path.push(node?.alias?.value ?? part);
    if (typeof part === 'string') selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  const isSelected = selectedFields(selections, info).some(({ node }) => node.name.value === field);
  if (!isSelected) context.addError(locatedError(failure, info.fieldNodes, path));
}
