import {
  captureTypeOf,
  type ManagementApi,
  type Merchant,
  type PrefillInput,
  pageOf,
} from './management-api.ts';

/** The variables of all questions. */
export interface Variables {
  readonly first?: number;
  readonly after?: string | null;
  readonly msn?: string;
  readonly input?: PrefillInput;
}

/** Answers a question, known by the name of its operation, with the fewest calls. */
export type AnswerByHand = (query: string, variables: Variables) => Promise<object>;

const NAME = /^\w+ (\w+)/;

export function createAnswersByHand(api: ManagementApi): AnswerByHand {
  const questions: Record<string, (variables: Variables) => Promise<object>> = {
    /** The list, each unit, and each merchant as soon as its first unit is there. */
    async Page({ first = 100, after }) {
      const merchants = new Map<string, Promise<Merchant>>();
      const nodes = pageOf(await api.units(), first, after).map(async ({ msn, name }) => {
        const unit = await api.unit(msn);
        const { scheme, id } = unit.businessIdentifier;
        const key = `${scheme} ${id}`;
        const asked = merchants.get(key) ?? api.merchant(unit.businessIdentifier);
        merchants.set(key, asked);
        const merchant = await asked;
        return {
          msn,
          name,
          configuration: { captureType: captureTypeOf(unit) },
          merchant: { name: merchant.name, status: merchant.status },
        };
      });
      return { salesUnits: { nodes: await Promise.all(nodes) } };
    },
    async Cursors({ first = 100, after }) {
      const edges = pageOf(await api.units(), first, after).map(({ msn }) => ({ cursor: msn }));
      return { salesUnits: { edges } };
    },
    async Unit({ msn = '' }) {
      const { name, businessIdentifier } = await api.unit(msn);
      const merchant = await api.merchant(businessIdentifier);
      return { salesUnit: { name, merchant: { name: merchant.name } } };
    },
    async Packages() {
      const packages = await api.pricePackages();
      return {
        pricePackages: packages.map(({ pricePackageId, name, description }) => ({
          pricePackageId,
          name,
          description,
        })),
      };
    },
    async Prefill({ input }) {
      if (!input) throw new Error('no input');
      const { prefillUrl } = await api.prefill(input);
      return { prefillProductOrder: { prefillUrl, userErrors: [] } };
    },
  };
  return (query, variables) => {
    const question = questions[NAME.exec(query)?.[1] ?? ''];
    if (!question) throw new Error(`unknown question: ${query}`);
    return question(variables);
  };
}
