/** A route under /_sandbox/. */
export interface ControlRoute {
  readonly method: string;
  readonly template: string;
  handle(call: ControlCall): ControlAnswer;
}

interface ControlCall {
  /** The body as JSON; throws a ControlError when it is none. */
  json(): unknown;
  /** The path parameter of this name, decoded. */
  param(name: string): string;
}

export interface ControlAnswer {
  status: number;
  value?: object;
}

/** Does it, and says so without a body. */
export function run(action: () => void): ControlAnswer {
  action();
  return { status: 204 };
}
