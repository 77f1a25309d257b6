import type { FaultEntry, Faults } from '../faults.ts';
import type { FaultTargets } from '../read-fault.ts';
import type { Complaints } from './draft.ts';
import { addFault } from './fault-draft.ts';
import { emptyFaultForm, faultForm } from './fault-form.ts';
import type { HomePage } from './home-page.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Notices } from './notices.ts';
import { redirect } from './page.ts';
import type { PageCall, PageRoute } from './page-route.ts';

interface FaultsPageParts {
  faults: Faults;
  targets: FaultTargets;
  notices: Notices;
  url(): string;
  homePage: HomePage;
}

const PATH = '/_sandbox/ui/faults';
const noComplaints: Complaints = new Map();

/** The faults that are on, and a form that adds one. */
export function createFaultsPage(parts: FaultsPageParts): PageRoute[] {
  const { faults, targets, notices, url, homePage } = parts;
  const show = (call: PageCall, form: URLSearchParams, complaints = noComplaints) => {
    const on = faults.list();
    const example = `curl -s -X POST ${url()}/_sandbox/faults -d '${JSON.stringify({ route: 'GET /management/v1/sales-units', status: 503, times: 3 })}'`;
    const content = html`<div class="scroll"><table class="stack"><caption>Faults that are on: ${on.length}</caption>
<thead><tr><th scope="col">Id</th><th scope="col">Route</th><th scope="col">What</th><th scope="col">Happened</th><th scope="col">Left</th><th scope="col">Action</th></tr></thead>
<tbody>${on.map(row)}${on.length === 0 && html`<tr><td colspan="6">None: every call is answered as it should be.</td></tr>`}</tbody></table></div>
${on.length > 0 && html`<form class="field" method="post" action="${PATH}/end"><input type="hidden" name="back" value="${PATH}"><button>End all faults</button></form>`}
${faultForm(targets, form, complaints)}
<section class="card" aria-labelledby="example"><h2 id="example">By program</h2><p>The control route has more faults than the form: bodies, headers, slow and broken answers.</p><pre>${example}</pre></section>`;
    return homePage(call, PATH, 'Faults', content);
  };
  return [
    { method: 'GET', template: PATH, handle: (call) => show(call, emptyFaultForm) },
    {
      method: 'POST',
      template: PATH,
      handle(call) {
        const added = addFault(faults, targets, call.form);
        if (typeof added !== 'string') return { ...show(call, call.form, added), status: 422 };
        const notice = notices.add({ text: `Fault ${added} is on.`, failed: false });
        return redirect(`${PATH}?notice=${notice}`);
      },
    },
  ];
}

function row({ id, fault, happened, left }: FaultEntry): Html {
  const { route = '*', ...rest } = fault;
  return html`<tr><th scope="row">${id}</th><td data-name="Route"><code>${route}</code></td><td data-name="What"><code>${JSON.stringify(rest)}</code></td><td data-name="Happened">${happened}</td><td data-name="Left">${left ?? 'for ever'}</td><td><form method="post" action="${PATH}/${id}/end"><input type="hidden" name="back" value="${PATH}"><button aria-label="End fault ${id}">End</button></form></td></tr>`;
}
