import type { UnitFacets } from '../directory/directory-index.ts';
import { type SearchFlag, searchFlags } from '../directory/search-query.ts';
import { builder } from './builder.ts';
import { CaptureType } from './sales-unit-configuration.ts';

interface Count<Value> {
  readonly value: Value;
  readonly count: number;
}

const countsOf = <Value>(counts: ReadonlyMap<Value, number> | undefined): Count<Value>[] =>
  [...(counts ?? [])]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => right.count - left.count || (String(left.value) < String(right.value) ? -1 : 1));

const count = 'Number of units with this value.';

const CaptureTypeFacetRef = builder.objectRef<Count<string>>('CaptureTypeFacet').implement({
  description: 'How many sales units have a capture type.',
  fields: (t) => ({
    value: t.field({
      type: CaptureType,
      resolve: ({ value }) => value as typeof CaptureType.$inferType,
      description: 'The capture type.',
    }),
    count: t.exposeInt('count', { description: count }),
  }),
});

const CountryFacetRef = builder.objectRef<Count<string>>('CountryFacet').implement({
  description: 'How many sales units have a merchant in a country.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'Country code, for example `NO`.' }),
    count: t.exposeInt('count', { description: count }),
  }),
});

const FlagFacetRef = builder.objectRef<Count<boolean | null>>('FlagFacet').implement({
  description: 'How many sales units have a setting.',
  fields: (t) => ({
    value: t.boolean({
      nullable: true,
      resolve: ({ value }) => value,
      description:
        'The value of the setting. Null for units for which the Management API does not return it.',
    }),
    count: t.exposeInt('count', { description: count }),
  }),
});

export const SalesUnitFacetsRef = builder.objectRef<UnitFacets>('SalesUnitFacets').implement({
  description:
    'How many sales units of a filtered list have each value, most frequent first. Units whose details are not known yet are left out.',
  fields: (t) => {
    const flag = (name: SearchFlag) =>
      t.field({
        type: [FlagFacetRef],
        description: `Counts by \`configuration.${name}\`.`,
        resolve: ({ flags }) => countsOf(flags.get(name)),
      });
    return {
      captureType: t.field({
        type: [CaptureTypeFacetRef],
        description: 'Counts by `configuration.captureType`.',
        resolve: ({ captureType }) => countsOf(captureType).filter(({ value }) => value !== '\u0000'),
      }),
      countryCode: t.field({
        type: [CountryFacetRef],
        description: 'Counts by the country of the merchant.',
        resolve: ({ countryCode }) => countsOf(countryCode),
      }),
      ...(Object.fromEntries(Object.values(searchFlags).map((name) => [name, flag(name)])) as Record<
        SearchFlag,
        ReturnType<typeof flag>
      >),
    };
  },
});
