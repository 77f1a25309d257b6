import type { BusinessIdentifier } from '../upstream/models/identifiers.ts';
import { builder } from './builder.ts';

export const BusinessIdentifierRef = builder.objectRef<BusinessIdentifier>('BusinessIdentifier').implement({
  description: 'The identifier of a business in a national register.',
  fields: (t) => ({
    scheme: t.exposeString('scheme', {
      description:
        'The register, in the form `business:{country}:{type}`: `business:NO:ORG`, `business:DK:CVR` or `business:FI:Y-tunnus`.',
    }),
    value: t.exposeString('value', {
      description: 'The number in the register, for example a Norwegian organization number of nine digits.',
    }),
  }),
});

export const BusinessIdentifierInput = builder.inputType('BusinessIdentifierInput', {
  description: 'Identifies a business by a national register and its number in that register.',
  fields: (t) => ({
    scheme: t.string({
      required: true,
      description:
        'The register: `business:NO:ORG`, `business:DK:CVR` or `business:FI:Y-tunnus`. Others may exist: 10 to 30 characters.',
    }),
    value: t.string({
      required: true,
      description: 'The number in the register. 4 to 50 digits or hyphens.',
    }),
  }),
});
