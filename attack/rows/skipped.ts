/** Rows that do not apply, or are shown elsewhere: which, and why. */
export const skippedRows: Readonly<Record<string, string>> = {
  A35: 'no request makes a resolver throw; test/server/errors/error-codes.test.ts does, and reads INTERNAL',
  A43: 'passwords are not checked anywhere; aliases are A02, guessed keys A26, their rate A57',
  A49: 'test/telemetry/metrics.test.ts sends names, paths and texts of all kinds, and counts the series',
  A59: 'npm audit and the image belong to the build; there is no image yet',
  A60: 'no dump is written unless the operator asks Node for one',
};
