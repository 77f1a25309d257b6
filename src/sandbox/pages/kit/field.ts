import type { FormErrors } from './form-errors.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

interface Field {
  name: string;
  label: string;
  value?: string | number | null | undefined;
  hint?: string;
  type?: 'text' | 'url' | 'password';
  numeric?: boolean;
  rows?: number;
}

type Choice = readonly [value: string, label: string];

/** Creates the fields of a form, each with its label and its error. */
export function createFields(errors: FormErrors) {
  const errorOf = (name: string) => errors.get(name);
  const wrong = (name: string): Html | false =>
    errorOf(name) !== undefined && html`<p class="wrong" id="${name}-wrong">${errorOf(name)}</p>`;
  const note = (name: string, hint?: string) =>
    html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}${wrong(name)}`;
  const state = (name: string, hint?: string): Html | false => {
    const notes = [hint !== undefined && `${name}-hint`, errorOf(name) && `${name}-wrong`].filter(Boolean);
    return (
      notes.length > 0 &&
      html` aria-describedby="${notes.join(' ')}"${errorOf(name) !== undefined && html` aria-invalid="true"`}`
    );
  };

  return {
    /** What ties a field made elsewhere to what is wrong with it. */
    state: (name: string) => state(name),
    /** What is wrong with a field made elsewhere. */
    wrong,
    text({ name, label, value, hint, type = 'text', numeric, rows }: Field): Html {
      // A browser that keeps passwords would fill in one of its own.
      const own = type === 'password' && html` autocomplete="new-password"`;
      const keys = numeric && html` inputmode="numeric"`;
      const input =
        rows === undefined
          ? html`<input id="${name}" name="${name}" type="${type}" value="${value}"${own}${keys}${state(name, hint)}>`
          : // The first line break after the tag is not part of the text, so one is given away.
            html`<textarea id="${name}" name="${name}" rows="${rows}"${state(name, hint)}>\n${value}</textarea>`;
      return html`<div class="field"><label for="${name}">${label}</label>${input}${note(name, hint)}</div>`;
    },
    /** `blank` is the label of the choice that sends nothing. */
    select(
      name: string,
      label: string,
      value: string | null | undefined,
      choices: readonly Choice[],
      blank = 'Not stated',
    ): Html {
      const options = choices.map(
        ([key, text]) => html`<option value="${key}"${key === value && html` selected`}>${text}</option>`,
      );
      return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}"${state(name)}><option value="">${blank}</option>${options}</select>${note(name)}</div>`;
    },
    radios(name: string, value: string | null | undefined, choices: readonly Choice[]): Html {
      const radios = choices.map(
        ([key, text]) =>
          html`<label class="check"><input type="radio" name="${name}" value="${key}"${key === value && html` checked`}${state(name)}>${text}</label>`,
      );
      return html`<div class="field">${radios}${note(name)}</div>`;
    },
    check(name: string, label: string, isOn: boolean): Html {
      return html`<div class="field"><label class="check"><input type="checkbox" name="${name}" value="true"${isOn && html` checked`}>${label}</label></div>`;
    },
  };
}
