/** One field that is wrong. */
export interface FieldError {
  name: string;
  reason: string;
}
