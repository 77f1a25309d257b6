import type { FaultEntry, Faults } from '../faults.ts';
import { policyDefinition, policyNames } from '../policy.ts';
import type { PolicyStore } from '../policy-store.ts';
import type { Stats } from '../stats.ts';
import type { HomePage } from './home-page.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { PageRoute } from './page-route.ts';
import { PAGE_SIZE, pager, readPageNumber } from './paging.ts';

const LAST_CALLS = 100;
// A fault may hold a body of megabytes.
const MOST_SHOWN = 1000;

/** The calls that the sandbox got. Pages and control routes are never among them. */
export function createCallsPage(stats: Stats, homePage: HomePage): PageRoute {
  return {
    method: 'GET',
    template: '/_sandbox/ui/calls',
    handle(call) {
      const { calls: counts, tokenCalls, peak, aborted } = stats.read();
      const last = stats.calls().slice(-LAST_CALLS).reverse();
      const content = html`<section class="card" aria-labelledby="counts"><h2 id="counts">Counts</h2>
<dl><dt>Token calls</dt><dd>${tokenCalls}</dd><dt>Most at once</dt><dd>${peak}</dd><dt>Left by the client</dt><dd>${aborted}</dd>${Object.entries(counts).map(([route, count]) => html`<dt><code>${route}</code></dt><dd>${count}</dd>`)}</dl></section>
<div class="scroll"><table class="stack"><caption>The last ${last.length} calls, newest first</caption>
<thead><tr><th scope="col">After the start</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Status</th></tr></thead>
<tbody>${last.map(
        ({ at, method, path, status }) =>
          html`<tr><th scope="row">${(at / 1000).toFixed(1)} s</th><td>${method}</td><td><code>${path}</code></td><td>${status ?? 'no answer'}</td></tr>`,
      )}${last.length === 0 && html`<tr><td colspan="4">None yet.</td></tr>`}</tbody></table></div>`;
      return homePage(call, '/_sandbox/ui/calls', 'Calls', content);
    },
  };
}

export function createFaultsPage(faults: Faults, url: () => string, homePage: HomePage): PageRoute {
  const row = ({ id, fault, happened, left }: FaultEntry, back: string): Html => {
    const { route, ...rest } = fault;
    return html`<tr><th scope="row">${id}</th><td data-name="Route"><code>${route}</code></td><td data-name="What"><code>${shorten(JSON.stringify(rest))}</code></td><td data-name="Happened">${happened}</td><td data-name="Left">${left ?? 'for ever'}</td><td><form method="post" action="/_sandbox/ui/faults/${id}/end"><input type="hidden" name="back" value="${back}"><button aria-label="End fault ${id}">End</button></form></td></tr>`;
  };
  return {
    method: 'GET',
    template: '/_sandbox/ui/faults',
    handle(call) {
      const on = faults.list();
      const number = readPageNumber(call.query, Math.ceil(on.length / PAGE_SIZE));
      const shown = on.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE);
      const rows = shown.map((entry) => row(entry, `/_sandbox/ui/faults?page=${number}`));
      const example = `curl -s -X POST ${url()}/_sandbox/faults -d '${JSON.stringify({ route: 'GET /management/v1/sales-units', status: 503, times: 3 })}'`;
      const content = html`<div class="scroll"><table class="stack"><caption>Faults that are on: ${on.length}</caption>
<thead><tr><th scope="col">Id</th><th scope="col">Route</th><th scope="col">What</th><th scope="col">Happened</th><th scope="col">Left</th><th scope="col">Action</th></tr></thead>
<tbody>${rows}${on.length === 0 && html`<tr><td colspan="6">None: every call is answered as it should be.</td></tr>`}</tbody></table></div>
${on.length > PAGE_SIZE && pager('/_sandbox/ui/faults', number, number * PAGE_SIZE < on.length)}${on.length > 0 && html`<form class="field" method="post" action="/_sandbox/ui/faults/end"><input type="hidden" name="back" value="/_sandbox/ui/faults"><button>End all faults</button></form>`}
<section class="card" aria-labelledby="example"><h2 id="example">To add one</h2><pre>${example}</pre></section>`;
      return homePage(call, '/_sandbox/ui/faults', 'Faults', content);
    },
  };
}

function shorten(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

export function createPoliciesPage(policies: PolicyStore, homePage: HomePage): PageRoute {
  return {
    method: 'GET',
    template: '/_sandbox/ui/policies',
    handle(call) {
      const rows = policyNames.map((name) => {
        const { default: initial, description } = policyDefinition(name);
        const value = policies.values[name];
        const now = value === initial ? String(value) : `${value} (default ${initial})`;
        return html`<tr><th scope="row"><code>${name}</code></th><td><code>${now}</code></td><td>${description}</td></tr>`;
      });
      const content = html`<p>What the sandbox does where the sources are silent or disagree. To change one: <code>PATCH /_sandbox/policy</code>, or <code>--policy name=value</code> at the start.</p>
<div class="scroll"><table class="stack"><caption>${rows.length} policies</caption><thead><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col">What it decides</th></tr></thead><tbody>${rows}</tbody></table></div>`;
      return homePage(call, '/_sandbox/ui/policies', 'Policies', content);
    },
  };
}
