import { MAIN_PARTNER } from '../../data/units.ts';
import type { World } from '../../world/world.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import type { PageRoute } from '../kit/page-route.ts';
import { PAGE_SIZE, pager, readPageNumber } from '../kit/paging.ts';
import type { HomePage } from './home-page.ts';
import { findUnits, pageOfUnits } from './unit-search.ts';

const PATH = '/_sandbox/ui/units';

/** Creates the page of all sales units, including those that no caller sees. */
export function createUnitsPage(world: World, homePage: HomePage): PageRoute {
  const row = (unit: number, back: string): Html => {
    const { merchant, partner } = world.units.record(unit);
    const msn = world.units.msn(unit);
    const isLive = world.isLive(unit);
    const name = world.unitName(unit);
    return html`<tr><th scope="row" class="key">${msn}</th><td>${name}</td><td data-name="Merchant">${world.merchant(merchant).name}</td><td data-name="Partner">${partner === MAIN_PARTNER ? 'Main partner' : partner === undefined ? 'None' : 'Another partner'}</td><td><span class="state ${isLive ? 'good' : 'bad'}">${isLive ? 'Active' : 'Inactive'}</span></td><td>${
      isLive &&
      html`<form method="post" action="${PATH}/${msn}/deactivate"><input type="hidden" name="back" value="${back}"><button aria-label="Deactivate ${name}, ${msn}">Deactivate</button></form>`
    }</td></tr>`;
  };

  return {
    method: 'GET',
    template: PATH,
    handle(call) {
      const search = call.query.get('q')?.trim() ?? '';
      const number = readPageNumber(
        call.query,
        search ? undefined : Math.ceil(world.units.count / PAGE_SIZE),
      );
      const skip = (number - 1) * PAGE_SIZE;
      const { units, hasNext } = search
        ? findUnits(world, search, skip, PAGE_SIZE)
        : pageOfUnits(world, skip, PAGE_SIZE);
      const back = `${PATH}?${new URLSearchParams({ ...(search && { q: search }), page: String(number) })}`;
      const content = html`<form class="row card" role="search" action="${PATH}"><label for="q">Name or MSN</label><input id="q" name="q" type="search" value="${search}"><button>Search</button>${search && html`<a href="${PATH}">Show all</a>`}</form>
<div class="scroll"><table class="stack"><caption>${search ? `Sales units with «${search}»` : `All ${world.units.count} sales units, newest first`}</caption>
<thead><tr><th scope="col">MSN</th><th scope="col">Name</th><th scope="col">Merchant</th><th scope="col">Partner</th><th scope="col">State</th><th scope="col">Action</th></tr></thead>
<tbody>${units.map((unit) => row(unit, back))}${units.length === 0 && html`<tr><td colspan="6">None.</td></tr>`}</tbody></table></div>
${pager(PATH, number, hasNext, search ? { q: search } : {})}`;
      return homePage(call, PATH, 'Sales units', content);
    },
  };
}
