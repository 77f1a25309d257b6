/** Something in the input of a mutation that its sender can mend. */
export interface UserError {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path to the field, from the name of the argument on. */
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
