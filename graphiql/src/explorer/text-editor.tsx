import { Kind, type ValueNode } from 'graphql';
import { useState } from 'react';
import type { ValueEditorProps } from './value-editor-props.ts';
import { literal, textOf } from './values.ts';

/** A scalar, or a list of scalars with commas between them. Empty text leaves the argument out. */
export function TextEditor(props: ValueEditorProps & { readonly isList: boolean }) {
  const { name, description, type, value, onChange, isList } = props;
  // What is typed may not survive the way through the query, as a comma at the end.
  const [draft, setDraft] = useState<string>();
  const nodeOf = (text: string): ValueNode => {
    if (!isList) return literal(type, text);
    const items = text.split(',').map((item) => item.trim());
    return {
      kind: Kind.LIST,
      values: items.filter((item) => item !== '').map((item) => literal(type, item)),
    };
  };
  return (
    <label className="explorer-row" title={description}>
      <span className="explorer-argument">{name}</span>
      <input
        type="text"
        aria-label={name}
        placeholder={String(type)}
        value={draft ?? textOf(value)}
        onChange={({ target }) => {
          setDraft(target.value);
          onChange(target.value.trim() === '' ? undefined : nodeOf(target.value.trim()));
        }}
        onBlur={() => setDraft(undefined)}
      />
    </label>
  );
}
