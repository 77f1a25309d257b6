import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant, ContestantSetup } from './contestant.ts';
import type { LoadGenerator } from './load.ts';
import type { Figures, Mistake, RowResult } from './measured.ts';
import type { Question } from './questions.ts';
import { createRightAnswers, type RightAnswers } from './right-answers.ts';
import type { Row, Step } from './row.ts';
import { startContestant } from './start-contestant.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export interface MeasureOptions {
  readonly setups: readonly ContestantSetup[];
  readonly rounds: number;
  /** Divides the time of each load. */
  readonly hurry: number;
  /** Of the upstream; any free one when undefined. */
  readonly upstreamPort: number | undefined;
  readonly load: LoadGenerator;
}

/** A contestant that runs, and where its next load begins. */
interface Entry {
  readonly setup: ContestantSetup;
  readonly contestant: Contestant;
  readonly idleMb: number;
  readonly questions: Map<Step, { readonly question: Question; next: number }>;
}

const SETTLE_MS = 100;
/** For servers that go on running: V8 takes some seconds to compile what is run most. */
const WARM_UP_ROUNDS = 3;
const LONGEST_MISTAKE = 500;
const WARM_UP_CLIENTS = 16;

/**
 * Measures one row. In each round every contestant does each step, another one first in each round: the speed of the machine
 * drifts, and what is measured within a few seconds can be compared. Nobody else's process computes meanwhile.
 */
export async function measureRow(row: Row, options: MeasureOptions): Promise<RowResult> {
  const { setups, load } = options;
  const upstream = await startUpstream({
    ...row.upstream,
    ...(options.upstreamPort !== undefined && { port: options.upstreamPort }),
  });
  const right = await createRightAnswers(upstream);
  const body = row.constant ? await right.first(row.constant(upstream)) : '{}';
  const mistakes = new Map<string, Mistake>();
  /** The first of each server in each step is enough. */
  const note = ({ name, kind }: ContestantSetup, step: string, what: string) => {
    const place = `${row.name} ${step}, ${name}`;
    if (mistakes.has(place)) return;
    const text = `${place}: ${what.slice(0, LONGEST_MISTAKE)}`;
    mistakes.set(place, { text, isOurs: kind === 'gateway' || kind === 'floor' });
  };
  const measured = new Map(row.steps.map((step) => [step, new Map<string, Figures[]>()]));
  const running = new Set<Contestant>();

  const enter = async (setup: ContestantSetup): Promise<Entry[]> => {
    await upstream.forget();
    const contestant = await startContestant(setup, upstream, body).catch((error: unknown) => {
      note(setup, 'start', String(error));
    });
    if (!contestant) return [];
    running.add(contestant);
    const entry = { setup, contestant, idleMb: contestant.memory().now, questions: new Map() };
    if (row.warmUp && setup.cache) await warmUp(entry, row.warmUp(upstream), load);
    return [entry];
  };
  const leave = async ({ contestant }: Entry) => {
    running.delete(contestant);
    await contestant.stop();
  };
  const doStep = async (step: Step, entry: Entry, round: number) => {
    if (step.isFirst && entry.setup.kind === 'endpoint') return;
    const { figures, failures, mistake } = await measureStep(step, entry, upstream, right, options);
    if (mistake) note(entry.setup, step.name, mistake);
    // How fast a server fails is no figure.
    if (round < 0 || failures > 0) return;
    const all = measured.get(step) ?? new Map<string, Figures[]>();
    all.set(entry.setup.name, [...(all.get(entry.setup.name) ?? []), figures]);
  };
  const doSteps = async (entries: readonly Entry[], round: number) => {
    for (const step of row.steps) for (const entry of entries) await doStep(step, entry, round);
  };

  const rounds = Math.min(options.rounds, row.mostRounds ?? options.rounds);
  try {
    const kept: Entry[] = [];
    if (row.processes === 'kept') for (const setup of setups) kept.push(...(await enter(setup)));
    // The first rounds warm up, unless there is only one.
    const first = rounds === 1 ? 0 : row.processes === 'kept' ? -WARM_UP_ROUNDS : -1;
    for (let round = first; round < rounds; round++) {
      const order = rotated(setups, round);
      if (row.processes === 'kept') await doSteps(rotated(kept, round), round);
      else if (row.processes === 'alone')
        for (const setup of order) {
          const entries = await enter(setup);
          await doSteps(entries, round);
          await Promise.all(entries.map(leave));
        }
      else {
        const entries: Entry[] = [];
        for (const setup of order) entries.push(...(await enter(setup)));
        await doSteps(entries, round);
        await Promise.all(entries.map(leave));
      }
    }
  } finally {
    await Promise.all([...running].map((contestant) => contestant.stop()));
    await upstream.stop();
  }
  return {
    name: row.name,
    title: row.title,
    units: row.upstream.units,
    latencyMs: row.upstream.latencyMs,
    steps: row.steps.map((step) => ({
      name: step.name,
      title: step.title,
      figure: step.figure,
      contestants: Object.fromEntries(measured.get(step) ?? []),
    })),
    mistakes: [...mistakes.values()],
  };
}

async function measureStep(
  step: Step,
  entry: Entry,
  upstream: Upstream,
  right: RightAnswers,
  { load, hurry }: MeasureOptions,
): Promise<{ figures: Figures; failures: number; mistake: string | undefined }> {
  const { contestant, setup, idleMb } = entry;
  const asked = entry.questions.get(step) ?? { question: await step.question(contestant, upstream), next: 0 };
  entry.questions.set(step, asked);
  // Whatever the last answer left behind, such as garbage, is its own. A start has left nothing.
  if (!step.sinceStart) {
    await sleep(SETTLE_MS);
    await upstream.forget();
    await contestant.loopP99Ms();
  }
  const before = contestant.cpu();
  const result = await load.run({
    url: contestant.url,
    headers: contestant.headers,
    authorizations: contestant.authorizations,
    plan: asked.question.plan,
    from: asked.next,
    connections: step.connections,
    end: 'ms' in step.end ? { ms: step.end.ms / hurry } : step.end,
  });
  const endedAt = performance.now();
  const after = contestant.cpu();
  const { calls, peak, orders } = await upstream.read();
  const loopP99Ms = await contestant.loopP99Ms();
  const { now, peak: peakMb } = contestant.memory();
  asked.next = result.next;
  const { requests } = result;
  return {
    figures: {
      requests,
      ms: step.sinceStart
        ? endedAt - contestant.startedAt
        : result.ms / (step.connections === 1 ? requests : 1),
      perSecond: (requests / result.ms) * 1_000,
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      cpuSecondsPerThousand: (after.usedMs - before.usedMs) / requests,
      waited: (after.waitedMs - before.waitedMs) / result.ms,
      upstreamCalls: calls,
      upstreamPeak: peak,
      loopP99Ms,
      idleMb,
      memoryMb: now,
      peakMb,
      heapMb: step.heap ? await contestant.heapMb() : Number.NaN,
      loadBusy: result.busy,
    },
    failures: result.failures,
    mistake: await findMistake(),
  };

  async function findMistake(): Promise<string | undefined> {
    if (result.failures > 0) return `${result.failures} of ${requests} failed: ${result.firstFailure}`;
    if (setup.kind === 'constant') return undefined;
    const wanted = step.calls?.(setup, requests);
    if (wanted !== undefined && calls !== wanted) return `${calls} upstream calls instead of ${wanted}`;
    if (step.orders && orders !== requests) return `${orders} orders of ${requests} requests`;
    return right.check(asked.question, result.samples);
  }
}

async function warmUp({ contestant }: Entry, { plan }: Question, load: LoadGenerator): Promise<void> {
  const { failures, firstFailure } = await load.run({
    url: contestant.url,
    headers: contestant.headers,
    authorizations: contestant.authorizations,
    plan,
    from: 0,
    connections: WARM_UP_CLIENTS,
    // Everything by each tenant.
    end: { requests: plan.variables.length * Math.max(1, contestant.authorizations.length) },
  });
  if (failures > 0) throw new Error(`the warm-up failed: ${firstFailure}`);
}

/** Each begins in its turn. */
const rotated = <T>(all: readonly T[], by: number): T[] =>
  all.map((_, index) => all[(index + by + WARM_UP_ROUNDS * all.length) % all.length] as T);
