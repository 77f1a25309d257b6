import type { RouteBase } from './route.ts';

/** A route and the raw, still encoded values of its path parameters by name. */
export interface RouteMatch<R extends RouteBase> {
  readonly route: R;
  readonly params: ReadonlyMap<string, string>;
}

const noParams: ReadonlyMap<string, string> = new Map();

/**
 * Finds the route of a path: fixed paths in a map, the few others by comparing segments. The path is taken as it came,
 * so `..` and a doubled slash match nothing.
 */
export function createRouter<R extends RouteBase>(
  routes: readonly R[],
): (method: string, path: string) => RouteMatch<R> | undefined {
  const fixed = new Map<string, RouteMatch<R>>();
  const open: { route: R; segments: string[] }[] = [];
  for (const route of routes) {
    if (route.template.includes('{')) open.push({ route, segments: route.template.split('/') });
    else fixed.set(`${route.method} ${route.template}`, { route, params: noParams });
  }

  return (method, path) => {
    const match = fixed.get(`${method} ${path}`);
    if (match) return match.route.isServed?.() === false ? undefined : match;
    const segments = path.split('/');
    for (const { route, segments: expected } of open) {
      if (route.method !== method || expected.length !== segments.length) continue;
      const params = readParams(expected, segments);
      if (params) return route.isServed?.() === false ? undefined : { route, params };
    }
    return undefined;
  };
}

function readParams(
  expected: readonly string[],
  segments: readonly string[],
): Map<string, string> | undefined {
  const params = new Map<string, string>();
  for (let at = 0; at < expected.length; at++) {
    const want = expected[at] ?? '';
    const have = segments[at] ?? '';
    if (want.startsWith('{')) {
      if (have === '') return undefined;
      params.set(want.slice(1, -1), have);
    } else if (want !== have) return undefined;
  }
  return params;
}
