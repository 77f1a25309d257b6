import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';
import { schema } from '../../../src/schema/index.ts';

export interface AnyOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const MOST_LEVELS = 7;
/** Fields about the calls so far. */
const LIVE_FIELDS = new Set(['upstream']);
/** Fields that only a directory can answer, or that are about its answers. */
const SEARCH_FIELDS = new Set(['changes', 'directory', 'merchants', 'facets', 'isComplete', 'matchedOn']);

/**
 * A legal operation of the schema: fields of any type to some depth, fragments named and inline, aliases, keys that
 * stand twice, `@skip` and `@include`, pages forwards and backwards, lookups of what is there and what is not, writes;
 * arguments as literals, as variables and as defaults of variables.
 */
export function anyOperation(
  draw: GeneratorValue,
  data: SandboxData,
  options: Partial<WriterOptions> = {},
): AnyOperation {
  return new Writer(draw, data, {
    pages: [0, 1, 2, 3, 4, 5],
    writes: true,
    searches: true,
    live: true,
    ...options,
  }).operation();
}

interface WriterOptions {
  /** Page sizes to choose from. */
  readonly pages: readonly number[];
  /** Whether some are mutations. */
  readonly writes: boolean;
  /** Whether some ask the directory. */
  readonly searches: boolean;
  /** Whether some ask for what is different each time. */
  readonly live: boolean;
}

class Writer {
  readonly #draw: GeneratorValue;
  readonly #data: SandboxData;
  readonly #options: WriterOptions;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #names = 0;

  constructor(draw: GeneratorValue, data: SandboxData, options: WriterOptions) {
    this.#draw = draw;
    this.#data = data;
    this.#options = options;
  }

  operation(): AnyOperation {
    const isMutation = this.#options.writes && this.#chance(5);
    const root = isMutation ? schema.getMutationType() : schema.getQueryType();
    if (!root) throw new Error('the schema has no such root');
    const selection = this.#selection(root, 1);
    const variables = this.#definitions.length > 0 ? `(${this.#definitions.join(', ')})` : '';
    const query = `${isMutation ? 'mutation' : 'query'} Any${variables} ${selection} ${this.#fragments.join(' ')}`;
    return { query, variables: this.#variables };
  }

  #selection(type: GraphQLNamedType, level: number, besideOthers = false): string {
    if (isAbstractType(type)) {
      const types = this.#some(schema.getPossibleTypes(type), 1, 2);
      return `{ __typename id ${types.map((possible) => `... on ${possible.name} ${this.#selection(possible, level, true)}`).join(' ')} }`;
    }
    if (!isObjectType(type)) return '';
    const fields = Object.values(type.getFields()).filter(
      ({ name }) =>
        (this.#options.searches || !SEARCH_FIELDS.has(name)) &&
        (this.#options.live || !LIVE_FIELDS.has(name)),
    );
    const leaves = fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    const open = level < MOST_LEVELS ? fields : leaves;
    // Twice what has a selection of its own: leaves cost little and would be most of it.
    const branches = open.filter((field) => !leaves.includes(field));
    const texts = this.#some([...branches, ...open], 1, 4).flatMap((field) =>
      this.#field(field, level, besideOthers),
    );
    const selections = texts.length > 0 ? texts : ['__typename'];
    return `{ ${selections.map((text) => this.#wrapped(text, type.name)).join(' ')} }`;
  }

  /** The field, perhaps twice under one key with different selections. */
  #field(field: GraphQLField<unknown, unknown>, level: number, besideOthers: boolean): string[] {
    // One key must not stand for fields of two types that differ in nullability.
    const alias = besideOthers || this.#chance(4) || field.args.length > 0 ? `${this.#name('f')}: ` : '';
    const head = `${alias}${field.name}${this.#arguments(field.args)}${this.#directive()}`;
    const type = getNamedType(field.type);
    const whole = () => (isCompositeType(type) ? `${head} ${this.#selection(type, level + 1)}` : head);
    return this.#chance(6) ? [whole(), whole()] : [whole()];
  }

  #wrapped(text: string, type: string): string {
    const how = this.#draw(fc.integer, { min: 0, max: 9 });
    if (how === 0) return `...${this.#directive()} { ${text} }`;
    if (how === 1) return `... on ${type}${this.#directive()} { ${text} }`;
    if (how !== 2) return text;
    const name = this.#name('F');
    this.#fragments.push(`fragment ${name} on ${type} { ${text} }`);
    return `...${name}${this.#directive()} ${this.#chance(3) ? `...${name}` : ''}`;
  }

  #directive(): string {
    if (!this.#chance(8)) return '';
    const name = this.#pick(['skip', 'include']);
    return ` @${name}(if: ${this.#argument('Boolean!', this.#draw(fc.boolean))})`;
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    // `first` and `last` exclude each other.
    const without = this.#pick(['first', 'last']);
    const given = args.flatMap(({ name, type }) => {
      if (name === without) return [];
      const value = this.#value(name, type);
      return value === undefined ? [] : [`${name}: ${this.#argument(String(type), value)}`];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  /** A literal, a variable, or a variable whose default it is. */
  #argument(type: string, value: unknown): string {
    const how = this.#draw(fc.integer, { min: 0, max: 3 });
    if (how > 1) return literal(value);
    const name = this.#name('v');
    this.#definitions.push(`$${name}: ${type}${how === 0 ? ` = ${literal(value)}` : ''}`);
    if (how === 1) this.#variables[name] = plain(value);
    return `$${name}`;
  }

  #value(name: string, type: GraphQLInputType): unknown {
    const { msns, merchants, orders, pricePackages, hidden } = this.#data;
    const orderIds = orders.flatMap(({ id }) => id ?? []).slice(0, 6);
    const input = () =>
      String(type).includes('DeleteProductOrderInput')
        ? { productOrderId: this.#pick([...orderIds, UNKNOWN_ID]) }
        : this.#order();
    const identifier = () => this.#pick([...merchants.slice(0, 4), hidden.deactivatedMerchant]);
    switch (name) {
      case 'first':
      case 'last':
        return this.#chance(6) ? undefined : this.#pick(this.#options.pages);
      case 'msn':
        return this.#pick([...msns.slice(0, 4), hidden.inactiveMsn, '999999']);
      case 'productOrderId':
        return this.#pick([...orderIds, UNKNOWN_ID]);
      case 'pricePackageId':
        return this.#pick([...pricePackages.map((item) => item.pricePackageId), UNKNOWN_ID]);
      case 'businessIdentifier':
        return asInput(identifier());
      case 'id':
        return this.#globalId();
      case 'ids':
        return Array.from({ length: this.#draw(fc.integer, { min: 0, max: 4 }) }, () => this.#globalId());
      case 'includeExpired':
        return this.#chance(2) ? this.#draw(fc.boolean) : undefined;
      case 'input':
        return input();
      case 'inputs':
        return Array.from({ length: this.#draw(fc.integer, { min: 0, max: 3 }) }, input);
      case 'filter':
        if (!this.#options.searches)
          return String(type) === 'SalesUnitFilter' && this.#chance(2)
            ? { name: { contains: this.#pick(['a', 'o', 'x']) } }
            : undefined;
        return String(type) === 'SalesUnitFilter' && this.#chance(2)
          ? this.#pick([
              { name: { contains: 'a' } },
              { name: { contains: 'x' } },
              { merchantName: { contains: 'a' } },
              { recurringAllowed: true },
            ])
          : undefined;
      case 'window':
        return new EnumValue(this.#pick(['HOUR', 'DAY']));
      case 'orderBy':
        return this.#chance(2)
          ? { field: new EnumValue(this.#pick(this.#options.searches ? orderFields(type) : ['NAME', 'MSN'])) }
          : undefined;
      case 'query':
        return this.#options.searches && this.#chance(4)
          ? this.#pick(['a', 'is:recurring', 'kafe', msns[0] ?? ''])
          : undefined;
      default:
        // Cursors: what they leave out cannot cost more.
        return undefined;
    }
  }

  #order(): Record<string, unknown> {
    const { merchants, pricePackages } = this.#data;
    return {
      businessIdentifier: asInput(this.#pick(merchants.slice(0, 5))),
      productType: new EnumValue(this.#pick(['LOGIN', 'PAYMENT_INTEGRATION'])),
      ...(this.#chance(3) && { dryRun: true }),
      ...(this.#chance(3) && { pricePackageId: this.#pick(pricePackages).pricePackageId }),
    };
  }

  #globalId(): string {
    const { msns, merchants, orders, pricePackages } = this.#data;
    const { scheme, id } = this.#pick(merchants.slice(0, 4));
    const order = orders.find((item) => item.id)?.id;
    return Buffer.from(
      this.#pick([
        ...msns.slice(0, 3).map((msn) => `SalesUnit:${msn}`),
        `Merchant:${JSON.stringify([scheme, id])}`,
        `Merchant:${scheme}:${id}`,
        `ProductOrder:${order}`,
        `PricePackage:${pricePackages[0]?.pricePackageId}`,
        `SalesUnit:999999`,
      ]),
    ).toString('base64');
  }

  /** One in `of`. */
  #chance(of: number): boolean {
    return this.#draw(fc.integer, { min: 1, max: of }) === of;
  }

  // Numbers are all that is drawn: the generator compares what it is given, and a schema has no end for that.
  #pick<Value>(values: readonly Value[]): Value {
    const value = values[this.#draw(fc.integer, { min: 0, max: values.length - 1 })];
    if (value === undefined) throw new Error('there is nothing to pick from');
    return value;
  }

  #some<Value>(values: readonly Value[], least: number, most: number): Value[] {
    const rest = [...values];
    const count = Math.min(new Set(rest).size, this.#draw(fc.integer, { min: least, max: most }));
    return Array.from({ length: count }, () => {
      const value = this.#pick(rest);
      for (let at = rest.indexOf(value); at >= 0; at = rest.indexOf(value)) rest.splice(at, 1);
      return value;
    });
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }
}

const asInput = ({ scheme, id }: { scheme: string; id: string }) => ({ scheme, value: id });

/** RELEVANCE is left out, since it requires a query. */
const orderFields = (type: GraphQLInputType) => {
  const order = getNamedType(type);
  const field = isInputObjectType(order) ? getNamedType(order.getFields()['field']?.type) : undefined;
  const names = isEnumType(field) ? field.getValues().map(({ name }) => name) : [];
  return names.filter((name) => name !== 'RELEVANCE');
};

/** An enum's value, which has no quotation marks in a document. */
class EnumValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function literal(value: unknown): string {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, item]) => `${name}: ${literal(item)}`)
    .join(', ')} }`;
}

function plain(value: unknown): unknown {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
