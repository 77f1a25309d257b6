import type { SandboxCallers } from '../../keys/callers.ts';
import { curlCommand } from '../../keys/curl-command.ts';
import type { Stats } from '../../stats/stats.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { World } from '../../world/world.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import type { PageRoute } from '../kit/page-route.ts';
import type { HomePage } from './home-page.ts';

interface StartPageParts {
  url(): string;
  callers: SandboxCallers;
  world: World;
  book: OrderBook;
  stats: Stats;
  homePage: HomePage;
}

const callerNames: Readonly<Record<string, string>> = {
  partner: 'Partner: sees nearly all sales units',
  management: 'The same partner’s management keys, for POST /miami/v1/token',
  otherPartner: 'Another partner: sees a few sales units',
  merchant: 'A merchant: sees its own sales units',
  otherMerchant: 'Another merchant: sees its own sales units',
};
const keyNames: Readonly<Record<string, string>> = {
  clientId: 'client_id',
  clientSecret: 'client_secret',
  subscriptionKey: 'Ocp-Apim-Subscription-Key',
  subscriptionKeySecondary: 'Ocp-Apim-Subscription-Key, secondary',
};

const startOver = html`<section class="card" aria-labelledby="over"><h2 id="over">Start over</h2><div class="columns">
<form method="post" action="/_sandbox/ui/reset"><p><button>Reset counts and faults</button></p>
<p class="hint">Clears counts and calls, ends faults and restores revoked keys. Data, tokens, policies and the clock stay.</p></form>
<form method="post" action="/_sandbox/ui/state/reset"><p><button>Reset data</button></p>
<p class="hint">Clears new orders, every change to orders, sales units and merchants, signed agreements, idempotency keys and rate limits. Keys, tokens, counts, faults, policies and the clock stay.</p></form></div></section>`;

/** Creates the first home page: address, keys and number of calls. */
export function createStartPage({ url, callers, world, book, stats, homePage }: StartPageParts): PageRoute {
  const caller = ([name, keys]: [string, object]): Html =>
    html`<section class="card" aria-labelledby="${name}"><h3 id="${name}">${callerNames[name] ?? name}</h3><dl>${Object.entries(
      keys,
    ).map(
      ([key, value]) => html`<dt>${keyNames[key] ?? key}</dt><dd class="key">${String(value)}</dd>`,
    )}</dl></section>`;

  return {
    method: 'GET',
    template: '/_sandbox',
    handle(call) {
      const counts = Object.values(stats.read().calls);
      const calls = counts.reduce((sum, count) => sum + count, 0);
      const content = html`<div class="columns"><section class="card" aria-labelledby="now"><h2 id="now">Now</h2>
<dl><dt>Address</dt><dd class="key">${url()}</dd><dt>Sales units</dt><dd>${world.units.count}</dd><dt>Merchants</dt><dd>${world.merchantCount}</dd><dt>Product orders</dt><dd>${book.count}</dd><dt>Calls so far</dt><dd>${calls}</dd></dl></section>
<section class="card" aria-labelledby="control"><h2 id="control">By program</h2>
<p>A test can do everything that these pages do with the control routes: <a href="/_sandbox/openapi.yaml">their OpenAPI document</a>, <a href="/_sandbox/stats">statistics</a>, <a href="/_sandbox/calls">calls</a>. The guide is <code>docs/sandbox.md</code> in the package.</p></section></div>
<section class="card" aria-labelledby="try"><h2 id="try">Try it</h2><p>This command lists the sales units. One click selects it.</p><pre>${curlCommand(url(), callers.partner)}</pre></section>
${startOver}
<h2>Keys</h2><p>They work with this sandbox only. The same seed gives the same keys. One click selects a key.</p>
<div class="columns">${Object.entries(callers).map(caller)}</div>`;
      return homePage(call, '/_sandbox', 'Start', content);
    },
  };
}
