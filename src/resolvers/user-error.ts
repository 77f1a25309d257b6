/** A problem in the input of a mutation that the client can fix. */
export interface UserError {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path to the field, starting with the argument. */
  readonly field: readonly string[];
}

export type UserErrorCode =
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'INVALID_FORMAT'
  | 'OUT_OF_RANGE'
  | 'TOO_MANY'
  | 'REFUSED'
  | 'NOT_FOUND'
  | 'NOT_DELETABLE';
