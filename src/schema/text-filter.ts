import { builder } from './builder.ts';

export const TextFilterInput = builder.inputType('TextFilter', {
  description: 'Filter for text. The text must match all given fields. An empty filter matches everything.',
  fields: (t) => ({
    equals: t.string({ description: 'Matches exactly this text.' }),
    in: t.stringList({ description: 'Matches exactly any of these texts. An empty list matches nothing.' }),
    contains: t.string({ description: 'Matches text that contains this text. Not case-sensitive.' }),
    startsWith: t.string({ description: 'Matches text that starts with this text. Not case-sensitive.' }),
  }),
});
