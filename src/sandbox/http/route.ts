/** What the API, the control routes and the pages have in common. */
export interface RouteBase {
  readonly method: string;
  /** Path as the contract writes it, which is also its name in statistics and faults. */
  readonly template: string;
  /** When it gives false, the path is unknown at the moment; always known when left out. */
  isServed?(): boolean;
}

/** Name of a route in statistics, logs and faults. */
export function routeKey({ method, template }: RouteBase): string {
  return `${method} ${template}`;
}
