import { builder } from './builder.ts';
import { inputSize } from './input-size.ts';

// Composing the combining marks of a text takes time quadratic in its length.
const extensions = inputSize({ maxLength: 200 });

export const TextFilterInput = builder.inputType('TextFilter', {
  description: 'Filter for text. The text must match all given fields. An empty filter matches everything.',
  fields: (t) => ({
    equals: t.string({ extensions, description: 'Matches exactly this text.' }),
    in: t.stringList({
      extensions,
      description: 'Matches exactly any of these texts. An empty list matches nothing.',
    }),
    contains: t.string({
      extensions,
      description: 'Matches text that contains this text. Not case-sensitive.',
    }),
    startsWith: t.string({
      extensions,
      description: 'Matches text that starts with this text. Not case-sensitive.',
    }),
  }),
});
