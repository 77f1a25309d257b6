import { builder } from './builder.ts';

export const TextFilterInput = builder.inputType('TextFilter', {
  description: 'Conditions on a text. All that are given must hold; an empty filter lets everything through.',
  fields: (t) => ({
    equals: t.string({ description: 'Exactly this text.' }),
    in: t.stringList({ description: 'Exactly one of these texts. An empty list lets nothing through.' }),
    contains: t.string({ description: 'This text anywhere, in upper or lower case.' }),
    startsWith: t.string({ description: 'This text at the start, in upper or lower case.' }),
  }),
});
