import { allPages, firstPage, pagesAfter, prefill, pricePackages, units, unseenUnits } from './questions.ts';
import type { Row, Step } from './row.ts';

const CLIENTS = 50;
const SLICE_MS = 2_000;

const floor = { name: 'floor', kind: 'floor', cache: false } as const;
const constant = { name: 'constant', kind: 'constant', cache: false } as const;
const yoga = { name: 'yoga', kind: 'yoga', cache: false } as const;
const yogaCached = { name: 'yoga-cached', kind: 'yoga', cache: true } as const;
const mercurius = { name: 'mercurius', kind: 'mercurius', cache: false } as const;
const mercuriusCached = { name: 'mercurius-cached', kind: 'mercurius', cache: true } as const;
const gateway = { name: 'gateway', kind: 'gateway', cache: true } as const;
const gatewayUncached = { name: 'gateway-uncached', kind: 'gateway', cache: false } as const;

/** Answers per second of many clients, all from memory. */
const load = (name: string, title: string, question: Step['question']): Step => ({
  name,
  title,
  figure: 'perSecond',
  connections: CLIENTS,
  end: { ms: SLICE_MS },
  question,
});

function pageRow(size: number, repeats: number, connections = 64): Row {
  const calls = 1 + size + size / 5;
  const step = (name: string, title: string, requests: number): Step => ({
    name,
    title,
    figure: 'ms',
    connections: 1,
    end: { requests },
    question: () => firstPage(size),
    isFirst: name === 'cold',
    calls: ({ kind, cache }, asked) => {
      if (kind === 'endpoint') return undefined;
      return name !== 'cold' && cache ? 0 : asked * calls;
    },
  });
  return {
    name: `q1-${size}${connections === 64 ? '' : `-${connections}`}`,
    title: `Q1: ${size.toLocaleString('en')} units with their merchants, ${calls.toLocaleString('en')} calls of 20 ms, ${connections} at once`,
    upstream: { units: size, latencyMs: 20 },
    // The others have no limit on their calls.
    contestants: [floor, gateway, gatewayUncached, ...(size > 1_000 ? [] : [yoga, mercurius])],
    connections,
    ...(size > 1_000 && {
      env: {
        MAX_PAGE_SIZE: String(size),
        // As if each unit had a merchant of its own.
        MAX_UPSTREAM_CALLS: String(2 * size + 1),
        MAX_ROWS: String(10 * size),
      },
    }),
    processes: 'fresh',
    steps: [step('cold', 'first request of a process', 1), step('repeated', 'repeated', repeats)],
  };
}

export const rows: readonly Row[] = [
  pageRow(100, 12),
  pageRow(1_000, 5),
  pageRow(1_000, 5, 128),
  pageRow(5_000, 2),
  {
    name: 'stampede',
    title: `Stampede: ${CLIENTS} clients ask a new process for the same 100 units with their merchants`,
    upstream: { units: 100, latencyMs: 20 },
    contestants: [floor, gateway, gatewayUncached, yoga, mercurius],
    processes: 'fresh',
    steps: [
      {
        name: 'stampede',
        title: 'until the last has its answer',
        figure: 'ms',
        connections: CLIENTS,
        end: { requests: CLIENTS },
        question: () => firstPage(100),
        isFirst: true,
        calls: ({ kind }) => (kind === 'gateway' ? 121 : undefined),
      },
    ],
  },
  {
    name: 'q2v',
    title: 'Q2v: one unit of 1,000 with its merchant, another one each time',
    upstream: { units: 1_000, latencyMs: 0 },
    contestants: [constant, yogaCached, mercuriusCached, gateway],
    processes: 'kept',
    warmUp: units,
    constant: units,
    steps: [load('warm', 'asked before', (_, upstream) => units(upstream))],
  },
  {
    name: 'q2v-unseen',
    title: 'Q2v: one unit of 5,000 with its merchant, never asked for like this, data in memory',
    upstream: { units: 5_000, latencyMs: 0 },
    contestants: [constant, floor, yogaCached, mercuriusCached, gateway],
    processes: 'kept',
    warmUp: units,
    constant: units,
    steps: [load('unseen', 'not asked before', (_, upstream) => unseenUnits(upstream))],
  },
  {
    name: 'q2v-uncached',
    title: 'Q2v: one unit of 1,000 with its merchant, read from the upstream (0 ms) each time',
    upstream: { units: 1_000, latencyMs: 0 },
    contestants: [floor, gatewayUncached, yoga, mercurius],
    processes: 'kept',
    steps: [
      {
        ...load('uncached', 'without cache', (_, upstream) => units(upstream)),
        // The gateway makes one call of those that run at the same time.
        calls: ({ kind }, requests) => (kind === 'floor' ? 2 * requests : undefined),
      },
    ],
  },
  {
    name: 'q3',
    title: 'Q3: the price packages',
    upstream: { units: 10, latencyMs: 0 },
    contestants: [constant, yogaCached, mercuriusCached, gateway],
    processes: 'kept',
    warmUp: pricePackages,
    constant: pricePackages,
    steps: [load('warm', 'asked before', pricePackages)],
  },
  {
    name: 'page',
    title: 'Page: 100 units of 5,000 with their merchants, another page and alias each time, data in memory',
    upstream: { units: 5_000, latencyMs: 0 },
    contestants: [constant, yogaCached, mercuriusCached, gateway],
    processes: 'kept',
    warmUp: units,
    constant: () => firstPage(100),
    steps: [load('page', 'not asked before', pagesAfter)],
  },
  {
    name: 'prefill',
    title: 'Prefill: an order with a new key each time, upstream of 0 ms',
    upstream: { units: 10, latencyMs: 0 },
    contestants: [floor, yoga, mercurius, gateway],
    processes: 'kept',
    steps: [
      {
        ...load('prefill', 'new key', ({ startedAt }) => prefill(`bench-${Math.round(startedAt * 1_000)}`)),
        calls: (_, requests) => requests,
        orders: true,
      },
    ],
  },
  {
    name: 'q1-pages',
    title: 'Q1 by pages of 1,000: 100,000 units with their merchants, 0 ms',
    upstream: { units: 100_000, latencyMs: 0 },
    contestants: [floor, gateway],
    processes: 'fresh',
    mostRounds: 1,
    isLong: true,
    steps: [
      {
        name: 'pages',
        title: '100 pages',
        figure: 'ms',
        connections: 1,
        end: { requests: 100 },
        question: allPages,
      },
    ],
  },
  {
    name: 'million',
    title: 'Memory: 1,000,000 answers from memory, one unit of 1,000 with its merchant each',
    upstream: { units: 1_000, latencyMs: 0 },
    contestants: [constant, gateway],
    processes: 'alone',
    warmUp: units,
    constant: units,
    mostRounds: 1,
    isLong: true,
    steps: [
      { name: 'first', requests: 100_000, title: 'the first 100,000' },
      { name: 'million', requests: 900_000, title: 'the other 900,000' },
    ].map(({ name, title, requests }) => ({
      ...load(name, title, (_, upstream) => units(upstream)),
      end: { requests },
      heap: true,
    })),
  },
  {
    name: 'clients',
    title: 'As clients grow: one unit of 1,000 with its merchant, asked before',
    upstream: { units: 1_000, latencyMs: 0 },
    contestants: [constant, gateway],
    processes: 'kept',
    warmUp: units,
    constant: units,
    isLong: true,
    steps: [1, 10, 50, 200, 500].map((connections) => ({
      ...load(`${connections}`, `${connections} clients`, (_, upstream) => units(upstream)),
      connections,
    })),
  },
  {
    name: 'tenants',
    title: 'As tenants grow: one unit of 10 with its merchant, asked before by each tenant',
    upstream: { units: 10, latencyMs: 0 },
    contestants: [1, 10, 100, 1_000].map((tenants) => ({
      ...gateway,
      name: `gateway-${tenants}-tenants`,
      tenants,
    })),
    processes: 'kept',
    warmUp: units,
    isLong: true,
    steps: [load('tenants', 'asked before', (_, upstream) => units(upstream))],
  },
  {
    name: 'workers',
    title: 'Workers: pages as above, from both cores, which the load and the upstream share',
    upstream: { units: 5_000, latencyMs: 0 },
    contestants: [1, 2].map((workers) => ({
      name: `gateway-${workers}-workers`,
      kind: 'gateway',
      cache: true,
      env: { WORKERS: String(workers) },
      hasAllCores: true,
    })),
    processes: 'kept',
    warmUp: units,
    steps: [load('page', 'not asked before', pagesAfter)],
  },
  {
    name: 'start',
    title: 'Start: from the start of the process to its first answer',
    upstream: { units: 10, latencyMs: 0 },
    contestants: [constant, floor, yoga, mercurius, gateway],
    processes: 'alone',
    constant: units,
    steps: [
      {
        name: 'start',
        title: 'first answer',
        figure: 'ms',
        connections: 1,
        end: { requests: 1 },
        question: (_, upstream) => units(upstream),
        isFirst: true,
        sinceStart: true,
      },
    ],
  },
];
