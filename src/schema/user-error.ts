import type { UserError, UserErrorCode } from '../resolvers/user-error.ts';
import { builder } from './builder.ts';

const descriptions: Record<UserErrorCode, string> = {
  TOO_SHORT: 'The text is too short.',
  TOO_LONG: 'The text is too long.',
  INVALID_FORMAT: 'The value does not have the required format.',
  OUT_OF_RANGE: 'The number is outside the allowed range.',
  TOO_MANY: 'The list has too many items.',
  REFUSED: 'The Management API rejected the value. Fix it and use a new idempotency key.',
  NOT_FOUND: 'No visible object has this ID.',
  NOT_DELETABLE: 'The order was already submitted, or is not a prefilled order.',
};

const UserErrorCodeEnum = builder.enumType('UserErrorCode', {
  description: 'Reason for a user error. More codes may be added.',
  values: Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description }]),
  ) as Record<UserErrorCode, { description: string }>,
});

export const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description: 'A problem in the input that you can fix.',
  fields: (t) => ({
    code: t.expose('code', {
      type: UserErrorCodeEnum,
      description: 'Machine-readable reason for the error.',
    }),
    message: t.exposeString('message', {
      description: 'Human-readable explanation. Never contains the value.',
    }),
    field: t.exposeStringList('field', {
      description:
        'Path to the input field, starting with the argument, for example `["input", "website", "termsUrl"]`.',
    }),
  }),
});
