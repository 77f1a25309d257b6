import { getNamedType, isEnumType, Kind } from 'graphql';
import type { ValueEditorProps } from './value-editor-props.ts';
import { literal, textOf } from './values.ts';

interface Option {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** One of several values, or none. */
export function ChoiceEditor(props: ValueEditorProps & { readonly options: readonly Option[] }) {
  const { name, description, type, value, onChange, options } = props;
  const nodeOf = (text: string) =>
    isEnumType(getNamedType(type)) ? ({ kind: Kind.ENUM, value: text } as const) : literal(type, text);
  return (
    <label className="explorer-row" title={description}>
      <span className="explorer-argument">{name}</span>
      <select
        aria-label={name}
        value={textOf(value)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : nodeOf(target.value))}
      >
        <option value="">–</option>
        {options.map((option) => (
          <option key={option.name} title={option.description ?? undefined}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}
