import { Pool } from 'undici';

/** What a caller of the sandbox needs. */
export interface Keys {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string;
}

export interface UpstreamOrder {
  readonly url: string;
  readonly keys: Keys;
  readonly connections: number;
}

export interface Unit {
  readonly msn: string;
  readonly name: string;
}

export interface BusinessIdentifier {
  readonly scheme: string;
  readonly id: string;
}

/** A unit as `GET /management/v1/sales-units/{msn}` returns it, as far as the questions need it. */
export interface UnitDetails extends Unit {
  readonly businessIdentifier: BusinessIdentifier;
  readonly configuration: { readonly captureType?: string };
}

export interface Merchant {
  readonly name: string;
  readonly status: string;
}

export interface PricePackage {
  readonly pricePackageId: string;
  readonly name: string;
  readonly description: string;
}

export interface PrefillInput {
  readonly businessIdentifier: { readonly scheme: string; readonly value: string };
  readonly productType: string;
  readonly idempotencyKey: string;
}

/** Sends one call and returns the JSON of its answer. Throws on any other status than 200 and 201. */
export type Send = (
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: string,
) => Promise<unknown>;

/** The calls that the questions of the benchmark need. */
export interface ManagementApi {
  units(): Promise<Unit[]>;
  unit(msn: string): Promise<UnitDetails>;
  merchant(identifier: BusinessIdentifier): Promise<Merchant>;
  pricePackages(): Promise<PricePackage[]>;
  prefill(input: PrefillInput): Promise<{ prefillUrl: string }>;
}

/**
 * Signs in and returns the calls, without checks, time-outs or retries. With `cache`, each GET is sent once and its
 * answer is kept.
 */
export async function connectManagementApi(send: Send, keys: Keys, cache: boolean): Promise<ManagementApi> {
  const subscription = { 'ocp-apim-subscription-key': keys.subscriptionKey };
  const { access_token: token } = (await send('POST', '/accesstoken/get', {
    ...subscription,
    client_id: keys.clientId,
    client_secret: keys.clientSecret,
  })) as { access_token: string };
  const headers = { ...subscription, authorization: `Bearer ${token}` };
  const known = new Map<string, Promise<unknown>>();
  const read = (path: string) => send('GET', path, headers);
  const get = !cache
    ? read
    : (path: string) => {
        const answer = known.get(path) ?? read(path);
        known.set(path, answer);
        return answer;
      };
  return {
    units: () => get('/management/v1/sales-units') as Promise<Unit[]>,
    unit: (msn) => get(`/management/v1/sales-units/${msn}`) as Promise<UnitDetails>,
    merchant: ({ scheme, id }) => get(`/management/v1/merchants/${scheme}/${id}`) as Promise<Merchant>,
    pricePackages: () => get('/management/v1/partners/price-packages') as Promise<PricePackage[]>,
    prefill: ({ businessIdentifier: { scheme, value }, productType, idempotencyKey }) =>
      send(
        'POST',
        '/management/v1/product-orders',
        { ...headers, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        JSON.stringify({ businessIdentifier: { scheme, id: value }, productType }),
      ) as Promise<{ prefillUrl: string }>,
  };
}

/** Sends with undici, on at most so many connections. */
export function sendWithPool({ url, connections }: UpstreamOrder): Send {
  const pool = new Pool(url, { connections });
  return async (method, path, headers, body) => {
    const answer = await pool.request({ method, path, headers, ...(body !== undefined && { body }) });
    if (answer.statusCode > 201) throw new Error(`${path} answered ${answer.statusCode}`);
    return answer.body.json();
  };
}

/** Sends with `fetch`, as most programs do. */
export function sendWithFetch({ url }: UpstreamOrder): Send {
  return async (method, path, headers, body) => {
    const answer = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
}

const captureTypes: Record<string, string> = {
  ReserveCapture: 'RESERVE_CAPTURE',
  DirectCapture: 'DIRECT_CAPTURE',
  NotApplicable: 'NOT_APPLICABLE',
};

export const captureTypeOf = ({ configuration }: UnitDetails): string | null =>
  captureTypes[configuration.captureType ?? ''] ?? null;

interface SortedUnits {
  readonly units: readonly Unit[];
  readonly positions: ReadonlyMap<string, number>;
}

/** A list that is kept is sorted once. */
const sortedLists = new WeakMap<readonly Unit[], SortedUnits>();

function sort(list: readonly Unit[]): SortedUnits {
  const units = list.toSorted(
    (left, right) => left.msn.length - right.msn.length || (left.msn < right.msn ? -1 : 1),
  );
  const sorted = { units, positions: new Map(units.map(({ msn }, index) => [msn, index])) };
  sortedLists.set(list, sorted);
  return sorted;
}

/** Orders a list by number and cuts a page from it. A cursor is the number of the unit before the page. */
export function pageOf(list: readonly Unit[], first: number, after?: string | null): readonly Unit[] {
  const { units, positions } = sortedLists.get(list) ?? sort(list);
  const from = after ? (positions.get(after) ?? -1) + 1 : 0;
  return units.slice(from, from + first);
}
