import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../api/route.ts';
import type { Faults } from '../faults/faults.ts';
import type { Guard } from '../http/guard.ts';
import { HttpError, toHttpError } from '../http/http-error.ts';
import { readBody } from '../http/read-body.ts';
import { routeKey } from '../http/route.ts';
import { createRouter } from '../http/router.ts';
import type { SandboxCallers, TenantName } from '../keys/callers.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { Stats } from '../stats/stats.ts';
import type { Agreements } from '../world/agreements.ts';
import type { Clock } from '../world/clock.ts';
import type { Lifecycle } from '../world/lifecycle.ts';
import type { LiveWorld } from '../world/live-world.ts';
import type { OrderBook } from '../world/order-book.ts';
import { createActions } from './home/actions.ts';
import { createCallsPage } from './home/calls-page.ts';
import { createFaultsPage } from './home/faults-page.ts';
import { createHomePage } from './home/home-page.ts';
import { createOrdersPage } from './home/orders-page.ts';
import { createPoliciesPage } from './home/policies-page.ts';
import { createStartPage } from './home/start-page.ts';
import { createUnitsPage } from './home/units-page.ts';
import { createNotices } from './kit/notices.ts';
import type { PageAnswer } from './kit/page.ts';
import { messagePage, redirect } from './kit/page.ts';
import type { PageRoute } from './kit/page-route.ts';
import { createPortal } from './portal/portal.ts';
import { sendPage } from './send-page.ts';

interface PagesParts {
  world: LiveWorld;
  book: OrderBook;
  lifecycle: Lifecycle;
  agreements: Agreements;
  clock: Clock;
  stats: Stats;
  faults: Faults;
  policies: PolicyStore;
  callers: SandboxCallers;
  routes: readonly Route[];
  guard: Guard;
  /** Resets the statistics, ends all faults and restores all keys. */
  resetCounts(): void;
  /** Returns the data to what it was at the start. */
  reset(): void;
  /** Returns the address of the sandbox, once it listens. */
  url(): string;
}

/** Handles a request for a page. Returns false when the request is not for a page. */
export type Pages = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

/** Creates the pages: the merchant's portal, and the home pages of the person who runs the sandbox. */
export function createPages(parts: PagesParts): Pages {
  const { world, book, clock, stats, faults, guard, url } = parts;
  const notices = createNotices();
  const homePage = createHomePage(clock, notices);
  const portalPath = (id: string) => `/portal/register/prefilled/${id}`;
  const targets = {
    routes: parts.routes.map(routeKey),
    tenants: Object.keys(parts.callers) as TenantName[],
  };
  const toHome: PageRoute['handle'] = () => redirect('/_sandbox', 302);
  const routes: PageRoute[] = [
    { method: 'GET', template: '/', handle: toHome },
    { method: 'GET', template: '/_sandbox/', handle: toHome },
    createStartPage({ world, book, stats, url, callers: parts.callers, homePage }),
    createUnitsPage(world, homePage),
    createOrdersPage({ world, book, portalPath, homePage }),
    createCallsPage(stats, homePage),
    ...createFaultsPage({ faults, targets, notices, url, homePage }),
    createPoliciesPage(parts.policies, homePage),
    ...createActions({ ...parts, notices, resetData: () => parts.reset() }),
    ...createPortal(parts),
  ];
  const findRoute = createRouter(routes);

  const answer = (request: IncomingMessage, path: string, body: Buffer | undefined): PageAnswer => {
    const { method = 'GET', headers } = request;
    const refusal = guard(method, headers);
    if (refusal) return messagePage(refusal.status, 'Request refused', refusal.message);
    if (!body) return messagePage(413, 'Form too large', 'The form is larger than 12 MiB.');
    const isHead = method === 'HEAD';
    const match = findRoute(isHead ? 'GET' : method, path);
    if (!match) return noRoute(findRoute, path);
    const [, search = ''] = /\?(.*)$/s.exec(request.url ?? '') ?? [];
    return match.route.handle({
      param: (name) => decode(match.params.get(name) ?? ''),
      query: new URLSearchParams(search),
      form: new URLSearchParams(body.toString()),
      headers,
      isHead,
    });
  };

  return (request, response, path) => {
    if (!isForPeople(request, path)) return false;
    readBody(request, (body) => {
      sendPage(
        response,
        safely(() => answer(request, path, body)),
      );
    });
    return true;
  };
}

/** The upstream has nothing at the root, so only a request that accepts HTML gets a page there. */
function isForPeople({ method, headers: { accept = '' } }: IncomingMessage, path: string): boolean {
  if (path === '/') return (method === 'GET' || method === 'HEAD') && accept.includes('text/html');
  return (
    path.startsWith('/portal/') ||
    path.startsWith('/_sandbox/ui/') ||
    path === '/_sandbox' ||
    path === '/_sandbox/'
  );
}

function noRoute(findRoute: ReturnType<typeof createRouter<PageRoute>>, path: string): PageAnswer {
  const allowed = ['GET', 'POST'].filter((method) => findRoute(method, path));
  if (allowed.length === 0) return messagePage(404, 'Page not found', 'There is no page at this address.');
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return {
    ...messagePage(405, 'Method not allowed', `This page accepts only ${allow}.`),
    headers: { allow },
  } as PageAnswer;
}

function safely(work: () => PageAnswer): PageAnswer {
  try {
    return work();
  } catch (error) {
    const expected = toHttpError(error);
    if (expected) return messagePage(expected.status, 'The request failed', expected.message);
    // A bug in the sandbox. Uncaught, it would end the whole process.
    return messagePage(500, 'The sandbox failed', String(error));
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'The address is not valid percent-encoding.');
  }
}
