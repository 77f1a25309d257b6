import relay from 'relay-runtime';
import query, { type documentsUnitsQuery } from './__generated__/documentsUnitsQuery.graphql.ts';
import { createEnvironment } from './environment.ts';

const environment = createEnvironment(process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql');
const data = await relay.fetchQuery<documentsUnitsQuery>(environment, query, { first: 3 }).toPromise();

console.log(`${data?.salesUnits.totalCount} sales units, for example:`);
for (const unit of data?.salesUnits.nodes ?? [])
  console.log(unit?.msn, unit?.name, unit?.merchant.ok ? unit.merchant.value?.name : 'failed');
