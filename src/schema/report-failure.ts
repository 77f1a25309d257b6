import { type GraphQLResolveInfo, locatedError, responsePathAsArray } from 'graphql';
import type { RequestContext } from '../resolvers/context.ts';
import type { WriteFailure } from '../resolvers/write-failure.ts';
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
  const path: (string | number)[] = [...responsePathAsArray(info.path)];
  let selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  for (const part of below) {
    const nodes = selectedFields(selections, info)
      .map(({ node }) => node)
      .filter(({ name }) => name.value === part);
    const [node] = nodes;
    // What was not selected is no place in the answer.
    if (typeof part === 'string' && !node) break;
    path.push(node?.alias?.value ?? part);
    if (typeof part === 'string') selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  const isSelected = selectedFields(selections, info).some(({ node }) => node.name.value === field);
  if (!isSelected) context.addError(locatedError(failure, info.fieldNodes, path));
}
