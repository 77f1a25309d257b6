import { useGraphiQL, useOperationsEditorState, useOptimisticState } from '@graphiql/react';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { emptyOperation, operationsOf, rootTypes, withOperation } from './document.ts';
import { SelectionList } from './selection-list.tsx';

/** Builds the operation in the editor by clicks. */
export function Explorer() {
  const schema = useGraphiQL((state) => state.schema);
  const [text, setText] = useOptimisticState(useOperationsEditorState());
  if (!schema) return <p>The explorer needs the schema, which could not be loaded.</p>;
  const operations = operationsOf(text);
  const change = (operation: OperationDefinitionNode) => setText(withOperation(text, operation));
  return (
    <section className="explorer" aria-label="Schema explorer">
      <h2 className="explorer-title">Explorer</h2>
      {!operations && <p>The query has a syntax error. The explorer continues when it is fixed.</p>}
      {operations?.map((operation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may change while a person types
        <Operation key={index} schema={schema} operation={operation} onChange={change} />
      ))}
      {operations?.length === 0 &&
        rootTypes.map((root) => (
          <Operation key={root} schema={schema} operation={emptyOperation(root)} onChange={change} />
        ))}
    </section>
  );
}

interface OperationProps {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly onChange: (operation: OperationDefinitionNode) => void;
}

function Operation({ schema, operation, onChange }: OperationProps) {
  const type = schema.getRootType(operation.operation);
  if (!type) return null;
  return (
    <details open>
      <summary>
        {operation.operation} <b>{operation.name?.value}</b>
      </summary>
      <SelectionList
        schema={schema}
        type={type}
        selectionSet={operation.selectionSet}
        onChange={(selectionSet) => onChange({ ...operation, selectionSet })}
      />
    </details>
  );
}
