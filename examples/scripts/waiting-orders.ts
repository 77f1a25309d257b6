import { parseArgs } from 'node:util';
import { readOrders } from './read-orders.ts';
import { run } from './run.ts';
import { table } from './table.ts';
import { waitingMerchants } from './waiting-merchants.ts';

// node waiting-orders.ts [--json] lists the product orders that wait for their merchant.

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

await run(async (ask, note) => {
  const { orders, errors } = await readOrders(ask);
  for (const { path = [], extensions } of errors) note(`${path.join('.')} is missing (${extensions?.code})`);
  const merchants = waitingMerchants(orders, new Date());
  if (values.json) console.log(JSON.stringify(merchants, null, 2));
  else
    console.log(
      table(
        ['Merchant', 'Number', 'Status', 'Waits', 'Link'],
        merchants.flatMap(({ name, businessIdentifier, orders }) =>
          orders.map(({ status, waitsDays, url }, index) => [
            // Once for each merchant, so that its orders are seen as a group.
            index === 0 ? (name ?? '') : '',
            index === 0 ? (businessIdentifier?.value ?? '') : '',
            status ?? '',
            waitsDays === null ? 'unknown' : `${waitsDays} d`,
            url ?? '',
          ]),
        ),
      ),
    );
});
