import type { Clock } from '../../world/clock.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import { formatSandboxTime } from '../kit/labels.ts';
import type { Notices } from '../kit/notices.ts';
import type { PageDocument } from '../kit/page.ts';
import { page } from '../kit/page.ts';
import type { PageCall } from '../kit/page-route.ts';

const tabs = [
  ['/_sandbox', 'Start'],
  ['/_sandbox/ui/units', 'Sales units'],
  ['/_sandbox/ui/orders', 'Orders'],
  ['/_sandbox/ui/calls', 'Calls'],
  ['/_sandbox/ui/faults', 'Faults'],
  ['/_sandbox/ui/policies', 'Policies'],
] as const;

export type HomePage = (
  call: PageCall,
  path: (typeof tabs)[number][0],
  title: string,
  content: Html,
) => PageDocument;

/** Creates the frame of the home pages: tabs, notice and clock. */
export function createHomePage(clock: Clock, notices: Notices): HomePage {
  return ({ query }, path, title, content) => {
    const notice = notices.find(query.get('notice'));
    const links = tabs.map(
      ([href, name]) =>
        html`<li><a href="${href}"${href === path && html` aria-current="page"`}>${name}</a></li>`,
    );
    const body = page({
      title,
      content: html`<div class="frame">
<header><p class="hint">Sandbox of the Vipps MobilePay Management API</p>
<nav aria-label="Sandbox"><ul>${links}</ul></nav></header>
<main id="content">
${notice && html`<p class="notice${notice.failed && ' failed'}" role="status">${notice.text}</p>`}
<h1>${title}</h1>
<form class="row card" method="post" action="/_sandbox/ui/clock"><input type="hidden" name="back" value="${path}">
<p>Sandbox time: <strong>${formatSandboxTime(clock.now())}</strong></p>
<button name="days" value="1">+1 day</button><button name="days" value="14">+14 days</button>
<p class="hint">The clock cannot go back, except by a restart of the sandbox.</p></form>
${content}
</main></div>`,
    });
    return { status: 200, body };
  };
}
