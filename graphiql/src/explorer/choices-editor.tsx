import { type GraphQLEnumValue, Kind } from 'graphql';
import type { ValueEditorProps } from './value-editor-props.ts';
import { itemsOf, textOf } from './values.ts';

/** Any number of values of an enum. Without any, the argument is left out. */
export function ChoicesEditor(props: ValueEditorProps & { readonly options: readonly GraphQLEnumValue[] }) {
  const { name, description, value, onChange, options } = props;
  const chosen = new Set(itemsOf(value).map(textOf));
  const choose = (option: string, isChosen: boolean) => {
    // In the order of the schema, however they were clicked.
    const names = options
      .map((one) => one.name)
      .filter((one) => (one === option ? isChosen : chosen.has(one)));
    const values = names.map((one) => ({ kind: Kind.ENUM, value: one }) as const);
    onChange(values.length > 0 ? { kind: Kind.LIST, values } : undefined);
  };
  return (
    <fieldset className="explorer-choices" title={description}>
      <legend className="explorer-argument">{name}</legend>
      {options.map((option) => (
        <label key={option.name} className="explorer-row" title={option.description ?? undefined}>
          <input
            type="checkbox"
            checked={chosen.has(option.name)}
            onChange={({ target }) => choose(option.name, target.checked)}
          />
          <span>{option.name}</span>
        </label>
      ))}
    </fieldset>
  );
}
