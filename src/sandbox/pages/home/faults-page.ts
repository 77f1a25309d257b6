import type { FaultEntry, Faults } from '../../faults/faults.ts';
import type { FaultTargets } from '../../faults/read-fault.ts';
import type { FormErrors } from '../kit/form-errors.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import type { Notices } from '../kit/notices.ts';
import { redirect } from '../kit/page.ts';
import type { PageCall, PageRoute } from '../kit/page-route.ts';
import { PAGE_SIZE, pager, readPageNumber } from '../kit/paging.ts';
import { addFault } from './add-fault.ts';
import { emptyFaultForm, faultForm } from './fault-form.ts';
import type { HomePage } from './home-page.ts';

interface FaultsPageParts {
  faults: Faults;
  targets: FaultTargets;
  notices: Notices;
  url(): string;
  homePage: HomePage;
}

const PATH = '/_sandbox/ui/faults';
// A body can have megabytes.
const MOST_SHOWN = 1_000;
const noErrors: FormErrors = new Map();

/** Creates the page of the active faults, with a form that adds one. */
export function createFaultsPage(parts: FaultsPageParts): PageRoute[] {
  const { faults, targets, notices, url, homePage } = parts;
  const show = (call: PageCall, form: URLSearchParams, errors = noErrors) => {
    const on = faults.list();
    const number = readPageNumber(call.query, Math.ceil(on.length / PAGE_SIZE));
    const here = `${PATH}?page=${number}`;
    const rows = on.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE).map((entry) => row(entry, here));
    const example = `curl -s -X POST ${url()}/_sandbox/faults -d '${JSON.stringify({ route: 'GET /management/v1/sales-units', status: 503, times: 3 })}'`;
    const content = html`<div class="scroll"><table class="stack"><caption>Active faults: ${on.length}</caption>
<thead><tr><th scope="col">Id</th><th scope="col">Route</th><th scope="col">What</th><th scope="col">Happened</th><th scope="col">Left</th><th scope="col">Action</th></tr></thead>
<tbody>${rows}${on.length === 0 && html`<tr><td colspan="6">None. Every call gets its correct response.</td></tr>`}</tbody></table></div>
${on.length > PAGE_SIZE && pager(PATH, number, number * PAGE_SIZE < on.length)}${on.length > 0 && html`<form class="field" method="post" action="${PATH}/end"><input type="hidden" name="back" value="${PATH}"><button>End all faults</button></form>`}
${faultForm(targets, form, errors)}
<section class="card" aria-labelledby="example"><h2 id="example">By program</h2><p>The control route has more faults than this form: bodies, headers, slow and broken responses.</p><pre>${example}</pre></section>`;
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
        const notice = notices.add({ text: `Fault ${added} was added.`, failed: false });
        return redirect(`${PATH}?notice=${notice}`);
      },
    },
  ];
}

function row({ id, fault, happened, left }: FaultEntry, back: string): Html {
  const { route = '*', ...rest } = fault;
  return html`<tr><th scope="row">${id}</th><td data-name="Route"><code>${route}</code></td><td data-name="What"><code>${shorten(JSON.stringify(rest))}</code></td><td data-name="Happened">${happened}</td><td data-name="Left">${left ?? 'no limit'}</td><td><form method="post" action="${PATH}/${id}/end"><input type="hidden" name="back" value="${back}"><button aria-label="End fault ${id}">End</button></form></td></tr>`;
}

function shorten(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
