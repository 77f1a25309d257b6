import { execute } from './execute.ts';
import { graphql } from './graphql.ts';

const Units = graphql(`
  query Units($first: Int!) {
    salesUnits(first: $first) {
      totalCount
      nodes {
        msn
        name
        merchant {
          name
          businessIdentifier {
            scheme
            value
          }
        }
        configuration {
          captureType
        }
      }
    }
  }
`);

const { data, errors = [] } = await execute(Units, { first: 3 });

console.log(`${data?.salesUnits.totalCount} sales units, for example:`);
for (const unit of data?.salesUnits.nodes ?? [])
  console.log(unit?.msn, unit?.name, unit?.merchant?.name, unit?.configuration?.captureType);
for (const { path, extensions } of errors) console.error(path?.join('.'), extensions.code);
