import type { CallRecord } from '../../stats/call-record.ts';
import type { Stats } from '../../stats/stats.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import { formatRealTime } from '../kit/labels.ts';
import type { PageRoute } from '../kit/page-route.ts';
import type { HomePage } from './home-page.ts';

const LAST_CALLS = 100;

/**
 * Creates the page of the latest calls. It shows real time, since the sandbox's clock may have been moved after a call.
 * Requests for pages and control routes are not listed.
 */
export function createCallsPage(stats: Stats, homePage: HomePage): PageRoute {
  return {
    method: 'GET',
    template: '/_sandbox/ui/calls',
    handle(call) {
      const { calls: counts, tokenCalls, peak, aborted } = stats.read();
      const last = stats.calls().slice(-LAST_CALLS).reverse();
      const content = html`<section class="card" aria-labelledby="counts"><h2 id="counts">Counts</h2>
<dl><dt>Token calls</dt><dd>${tokenCalls}</dd><dt>Most at the same time</dt><dd>${peak}</dd><dt>Aborted by the client</dt><dd>${aborted}</dd>${Object.entries(counts).map(([route, count]) => html`<dt><code>${route}</code></dt><dd>${count}</dd>`)}</dl></section>
<div class="scroll"><table class="stack"><caption>The last ${last.length} calls, newest first, in real time (UTC), not in sandbox time</caption>
<thead><tr><th scope="col">Arrived</th><th scope="col">Caller</th><th scope="col">Call</th><th scope="col">Status</th><th scope="col">Duration</th><th scope="col">Idempotency key</th><th scope="col">Fault</th></tr></thead>
<tbody>${last.map((record) => row(record, stats.startedAt))}${last.length === 0 && html`<tr><td colspan="7">None yet.</td></tr>`}</tbody></table></div>`;
      return homePage(call, '/_sandbox/ui/calls', 'Calls', content);
    },
  };
}

function row(record: CallRecord, startedAt: number): Html {
  const { at, tenant, method, path, status, durationMs, idempotencyKey, fault } = record;
  const isOver = durationMs !== null;
  return html`<tr><th scope="row">${formatRealTime(startedAt + at)}</th><td data-name="Caller">${tenant ?? 'unknown'}</td><td><code>${method} ${path}</code></td><td data-name="Status">${status ?? (isOver ? 'no answer' : 'none yet')}</td><td data-name="Duration">${isOver ? `${durationMs.toFixed(1)} ms` : 'in progress'}</td><td data-name="Idempotency key">${idempotencyKey !== undefined && html`<span class="key">${idempotencyKey}</span>`}</td><td data-name="Fault">${fault}</td></tr>`;
}
