import type { UserError, UserErrorCode } from '../resolvers/user-error.ts';
import { builder } from './builder.ts';

const descriptions: Record<UserErrorCode, string> = {
  TOO_SHORT: 'The text has too few characters.',
  TOO_LONG: 'The text has too many characters.',
  INVALID_FORMAT: 'The value is not of the form that the contract asks for.',
  OUT_OF_RANGE: 'The number is too small or too large.',
  TOO_MANY: 'The list has too many items.',
  REFUSED: 'The Management API refused the value. Mend it and use a new idempotency key.',
  NOT_FOUND: 'The keys see nothing with this id.',
  NOT_DELETABLE: 'The order was submitted already, or was not made by prefill.',
};

const UserErrorCodeEnum = builder.enumType('UserErrorCode', {
  description: 'What is wrong with a field of an input. More codes may come.',
  values: Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description }]),
  ) as Record<UserErrorCode, { description: string }>,
});

export const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description: 'Something in the input that its sender can mend.',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCodeEnum, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', {
      description: 'What is wrong, for people. Never repeats the value.',
    }),
    field: t.exposeStringList('field', {
      description: 'Path to the field, from the argument on: `["input", "website", "termsUrl"]`.',
    }),
  }),
});
