import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import {
  fieldsOf,
  findField,
  findFragment,
  nameNode,
  newField,
  newFragment,
  withSelection,
} from './selections.ts';
import { ValueEditor } from './value-editor.tsx';

interface SelectionListProps {
  readonly schema: GraphQLSchema;
  readonly type: GraphQLNamedType;
  readonly selectionSet: SelectionSetNode | undefined;
  readonly onChange: (set: SelectionSetNode) => void;
}

/** The fields of a type, and the types that it can be, with those checked that are selected. */
export function SelectionList({ schema, type, selectionSet, onChange }: SelectionListProps) {
  const replace = (before: SelectionNode | undefined) => (after: SelectionNode | undefined) =>
    onChange(withSelection(selectionSet, before, after));
  return (
    <ul>
      {fieldsOf(type).map((field) => {
        const node = findField(selectionSet, field.name);
        return (
          <FieldEditor key={field.name} schema={schema} field={field} node={node} onChange={replace(node)} />
        );
      })}
      {(isAbstractType(type) ? schema.getPossibleTypes(type) : []).map((possible) => {
        const node = findFragment(selectionSet, possible.name);
        const set = replace(node);
        return (
          <li key={possible.name}>
            <label className="explorer-row">
              <input
                type="checkbox"
                checked={node !== undefined}
                onChange={({ target }) => set(target.checked ? newFragment(possible) : undefined)}
              />
              <span>… on {possible.name}</span>
            </label>
            {node && (
              <SelectionList
                schema={schema}
                type={possible}
                selectionSet={node.selectionSet}
                onChange={(changed) => set({ ...node, selectionSet: changed })}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface FieldEditorProps {
  readonly schema: GraphQLSchema;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode | undefined;
  readonly onChange: (node: FieldNode | undefined) => void;
}

/** A field with its checkbox and, once it is selected, its arguments and the fields below it. */
function FieldEditor({ schema, field, node, onChange }: FieldEditorProps) {
  const type = getNamedType(field.type);
  return (
    <li data-field={field.name}>
      <label className="explorer-row" title={field.description ?? undefined}>
        <input
          type="checkbox"
          checked={node !== undefined}
          onChange={({ target }) => onChange(target.checked ? newField(field) : undefined)}
        />
        <span className={field.deprecationReason == null ? '' : 'explorer-deprecated'}>{field.name}</span>
      </label>
      {node && field.args.length > 0 && (
        <ul className="explorer-arguments" aria-label={`Arguments of ${field.name}`}>
          {field.args.map(({ name, description, type: input }) => (
            <li key={name}>
              <ValueEditor
                name={name}
                description={description ?? undefined}
                type={input}
                value={node.arguments?.find((argument) => argument.name.value === name)?.value}
                onChange={(value) => onChange(withArgument(node, name, value))}
              />
            </li>
          ))}
        </ul>
      )}
      {node && isCompositeType(type) && (
        <SelectionList
          schema={schema}
          type={type}
          selectionSet={node.selectionSet}
          onChange={(selectionSet) => onChange({ ...node, selectionSet })}
        />
      )}
    </li>
  );
}

function withArgument(node: FieldNode, name: string, value: ValueNode | undefined): FieldNode {
  const before = node.arguments ?? [];
  const changed = value && ({ kind: Kind.ARGUMENT, name: nameNode(name), value } as const);
  const isSet = before.some((argument) => argument.name.value === name);
  const kept = before.map((argument) => (argument.name.value === name ? changed : argument));
  return { ...node, arguments: [...kept, isSet ? undefined : changed].filter((one) => one !== undefined) };
}
