import {
  type GraphQLInputObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';
import { ChoiceEditor } from './choice-editor.tsx';
import { ChoicesEditor } from './choices-editor.tsx';
import { TextEditor } from './text-editor.tsx';
import type { ValueEditorProps } from './value-editor-props.ts';
import { firstValue, itemsOf, objectField } from './values.ts';

/** Shows an argument, or a field of an input object, in the way that suits its type. */
export function ValueEditor(props: ValueEditorProps) {
  const { name, value, onChange } = props;
  const type = getNullableType(props.type);
  if (value?.kind === Kind.VARIABLE)
    return (
      <label className="explorer-row">
        <input type="checkbox" checked onChange={() => onChange(undefined)} />
        <span className="explorer-argument">{name}</span>
        <code>${value.name.value}</code>
      </label>
    );
  const isList = isListType(type);
  const item = getNamedType(type);
  if (isEnumType(item)) {
    const options = item.getValues();
    return isList ? (
      <ChoicesEditor {...props} options={options} />
    ) : (
      <ChoiceEditor {...props} options={options} />
    );
  }
  if (isInputObjectType(item))
    return isList ? <ObjectsEditor {...props} item={item} /> : <ObjectEditor {...props} item={item} />;
  if (item.name === 'Boolean' && !isList)
    return <ChoiceEditor {...props} options={[{ name: 'true' }, { name: 'false' }]} />;
  return <TextEditor {...props} isList={isList} />;
}

/** An input object, which shows its fields once it is chosen. */
function ObjectEditor(props: ValueEditorProps & { readonly item: GraphQLInputObjectType }) {
  const { name, description, value, onChange, item } = props;
  const object = value?.kind === Kind.OBJECT ? value : undefined;
  return (
    <div className="explorer-object">
      <label className="explorer-row" title={description}>
        <input
          type="checkbox"
          checked={object !== undefined}
          onChange={({ target }) => onChange(target.checked ? firstValue(item) : undefined)}
        />
        <span className="explorer-argument">{name}</span>
      </label>
      {object && <ObjectFields item={item} value={object} onChange={onChange} />}
    </div>
  );
}

interface ObjectFieldsProps {
  readonly item: GraphQLInputObjectType;
  readonly value: ObjectValueNode;
  readonly onChange: (value: ObjectValueNode) => void;
}

function ObjectFields({ item, value, onChange }: ObjectFieldsProps) {
  const set = (name: string, changed: ValueNode | undefined) => {
    const isSet = value.fields.some((field) => field.name.value === name);
    const kept = value.fields.map((field) =>
      field.name.value !== name ? field : changed && objectField(name, changed),
    );
    const fields = isSet || !changed ? kept : [...kept, objectField(name, changed)];
    onChange({ ...value, fields: fields.filter((field) => field !== undefined) });
  };
  return (
    <ul>
      {Object.values(item.getFields()).map(({ name, description, type }) => (
        <li key={name}>
          <ValueEditor
            name={name}
            description={description ?? undefined}
            type={type}
            value={value.fields.find((field) => field.name.value === name)?.value}
            onChange={(changed) => set(name, changed)}
          />
        </li>
      ))}
    </ul>
  );
}

/** A list of input objects, one after the other. */
function ObjectsEditor(props: ValueEditorProps & { readonly item: GraphQLInputObjectType }) {
  const { name, description, value, onChange, item } = props;
  const items = itemsOf(value);
  const setItems = (values: readonly ValueNode[]) =>
    onChange(values.length > 0 ? { kind: Kind.LIST, values } : undefined);
  return (
    <fieldset className="explorer-choices" title={description}>
      <legend className="explorer-argument">{name}</legend>
      {items.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item has nothing but its place
        <div key={index}>
          {one.kind === Kind.OBJECT && (
            <ObjectFields
              item={item}
              value={one}
              onChange={(changed) => setItems(items.with(index, changed))}
            />
          )}
          <button type="button" onClick={() => setItems(items.toSpliced(index, 1))}>
            Remove {index + 1}
          </button>
        </div>
      ))}
      <button type="button" onClick={() => setItems([...items, firstValue(item)])}>
        Add to {name}
      </button>
    </fieldset>
  );
}
