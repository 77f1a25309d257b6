import type { BusinessIdentifier } from '../upstream/models/identifiers.ts';
import { builder } from './builder.ts';

export const BusinessIdentifierRef = builder.objectRef<BusinessIdentifier>('BusinessIdentifier').implement({
  description: 'What a business is registered under in its country.',
  fields: (t) => ({
    scheme: t.exposeString('scheme', {
      description:
        'The register, `business:{country}:{type}`: `business:NO:ORG`, `business:DK:CVR` or `business:FI:Y-tunnus`.',
    }),
    id: t.exposeString('id', {
      description:
        'The number in that register, for example the nine digits of a Norwegian organization number.',
    }),
  }),
});

export const BusinessIdentifierInput = builder.inputType('BusinessIdentifierInput', {
  description: 'Names a business by the register it stands in and its number there.',
  fields: (t) => ({
    scheme: t.string({
      required: true,
      description:
        'The register, 10 to 30 characters: `business:NO:ORG`, `business:DK:CVR` or `business:FI:Y-tunnus`.',
    }),
    id: t.string({ required: true, description: 'The number in that register, 4 to 50 digits or hyphens.' }),
  }),
});
