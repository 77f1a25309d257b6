export interface BusinessIdentifier {
  readonly scheme: string;
  readonly id: string;
}

/** The data of {@link pageQuestion}'s answer. */
export interface PageData {
  readonly salesUnits: {
    readonly nodes: readonly {
      readonly msn: string;
      readonly name: string;
      readonly configuration: { readonly captureType: string | null };
      readonly merchant: { readonly name: string; readonly status: string };
    }[];
  };
}

/** The data of {@link unitQuestion}'s answer. */
export interface UnitData {
  readonly salesUnit: { readonly name: string; readonly merchant: { readonly name: string } };
}

/** The body of the request for a page of units with their merchants, the question that costs 1 + N + M calls. */
export const pageQuestion = (first: number) =>
  JSON.stringify({
    query: `query Page($first: Int!) { salesUnits(first: $first) { nodes {
      msn name configuration { captureType } merchant { name status }
    } } }`,
    variables: { first },
  });

/** The body of the request for one unit with its merchant. */
export const unitQuestion = (msn: string) =>
  JSON.stringify({
    query: 'query Unit($msn: String!) { salesUnit(msn: $msn) { name merchant { name } } }',
    variables: { msn },
  });
