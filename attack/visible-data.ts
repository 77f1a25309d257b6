import type { SandboxKeys } from '../src/sandbox/keys/callers.ts';
import type { Sandbox } from '../src/sandbox/server.ts';
import { type TenantId, tenantIds } from './keys.ts';

/** What one tenant can see, read directly from the upstream. */
interface TenantData {
  readonly texts: ReadonlySet<string>;
  readonly msns: readonly string[];
  readonly merchants: readonly { readonly scheme: string; readonly id: string }[];
  readonly orders: readonly string[];
  readonly packages: readonly string[];
  /** Global ids of all of them. */
  readonly ids: readonly string[];
}

export type VisibleData = Readonly<Record<TenantId, TenantData>>;

interface Unit {
  readonly msn: string | number;
  readonly businessIdentifier?: { readonly scheme: string; readonly id: string };
}

/** Reads everything that each tenant can see from the upstream, without the gateway. */
export async function readVisibleData(sandbox: Sandbox): Promise<VisibleData> {
  const entries = tenantIds.map(
    async (id) => [id, await readTenantData(sandbox.url, sandbox.callers[id])] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as Record<TenantId, TenantData>;
}

/** Returns for each tenant the texts that only others can see. One of them in its answers is a leak. */
export function foreignTo(visible: VisibleData): Readonly<Record<TenantId, ReadonlySet<string>>> {
  const foreign = (own: TenantId) =>
    new Set(
      tenantIds.flatMap((other) => [...visible[other].texts].filter((text) => !visible[own].texts.has(text))),
    );
  return Object.fromEntries(tenantIds.map((id) => [id, foreign(id)])) as Record<TenantId, Set<string>>;
}

async function readTenantData(url: string, keys: SandboxKeys): Promise<TenantData> {
  const { clientId, clientSecret, subscriptionKey } = keys;
  const subscription = { 'ocp-apim-subscription-key': subscriptionKey };
  const issued = await fetch(`${url}/accesstoken/get`, {
    method: 'POST',
    headers: { client_id: clientId, client_secret: clientSecret, ...subscription },
  });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const texts = new Set<string>();
  const read = async <T>(path: string): Promise<T | undefined> => {
    const answer = await fetch(`${url}/management/${path}`, {
      headers: { authorization: `Bearer ${token}`, ...subscription },
    });
    if (!answer.ok) return undefined;
    const value: unknown = await answer.json();
    collect(value, texts);
    return value as T;
  };
  const units = (await read<Unit[]>('v1/sales-units')) ?? [];
  const details = await Promise.all(units.map(({ msn }) => read<Unit>(`v1/sales-units/${msn}`)));
  const businesses = new Map(
    details.flatMap((unit) =>
      unit?.businessIdentifier
        ? [
            [
              `${unit.businessIdentifier.scheme}:${unit.businessIdentifier.id}`,
              unit.businessIdentifier,
            ] as const,
          ]
        : [],
    ),
  );
  const merchants = [...businesses.values()];
  await Promise.all(merchants.map(({ scheme, id }) => read(`v1/merchants/${scheme}/${id}`)));
  const idsOf = (rows: Record<string, unknown>[] | undefined, name: string) =>
    (rows ?? []).flatMap((row) => (typeof row[name] === 'string' ? [row[name]] : []));
  const orders = idsOf(await read('v2/product-orders?includeExpired=true'), 'productOrderId');
  const packages = idsOf(await read('v1/partners/price-packages'), 'pricePackageId');
  const msns = units.map(({ msn }) => String(msn));
  const ids = [
    ...msns.map((msn) => globalId('SalesUnit', msn)),
    ...[...businesses.keys()].map((key) => globalId('Merchant', key)),
    ...orders.map((id) => globalId('ProductOrder', id)),
    ...packages.map((id) => globalId('PricePackage', id)),
  ];
  for (const text of [...msns, ...ids]) texts.add(text);
  return { texts, msns, merchants, orders, packages, ids };
}

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

/** Collects every text and number in a value. */
function collect(value: unknown, texts: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number') texts.add(String(value));
  else if (value !== null && typeof value === 'object')
    for (const part of Object.values(value)) collect(part, texts);
}

const TEXTS = /"((?:[^"\\]|\\.)*)"/g;

/** Returns the first text of an answer that belongs to another tenant. */
export function findForeign(answer: string, foreign: ReadonlySet<string>): string | undefined {
  for (const [whole, text = ''] of answer.matchAll(TEXTS)) {
    const read = text.includes('\\') ? (JSON.parse(whole) as string) : text;
    if (foreign.has(read)) return read;
  }
  return undefined;
}
