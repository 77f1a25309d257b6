import { useGraphiQL } from '@graphiql/react';
import type { HeaderSet } from '../../src/server/auth/header-sets.ts';
import { headersText } from './header-sets.ts';

/** Fills the header editor for an authentication method. Shown only if the gateway accepts several. */
export function HeaderMenu({ sets }: { readonly sets: readonly HeaderSet[] }) {
  const editor = useGraphiQL(({ headerEditor }) => headerEditor);
  if (sets.length < 2) return null;
  return (
    <label className="header-menu">
      <span>Headers for</span>
      <select
        aria-label="Authentication method"
        onChange={({ target }) => {
          editor?.setValue(headersText(sets[target.selectedIndex]) ?? '');
          showHeaders();
        }}
      >
        {sets.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** GraphiQL keeps to itself which editor is open, so the button is pressed. */
const showHeaders = () => document.querySelector<HTMLElement>('[data-name=headers]')?.click();
