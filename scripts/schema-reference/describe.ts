import { type ConstValueNode, print } from 'graphql';
import { cell } from './markdown.ts';

interface Described {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

// A sentence ends before a capital letter or a code span.
const SENTENCE_END = /(?<=\.)\s+(?=[A-Z`])/;
const isCost = (sentence: string) => /\bcosts?\b/i.test(sentence);

const sentences = (text: string) => cell(text).split(SENTENCE_END);

/** Returns the sentences of a description that say what the field costs. */
export const costOf = ({ description }: Described) =>
  sentences(description ?? '')
    .filter(isCost)
    .join(' ');

/** Returns the other sentences of a description, after its deprecation. */
export const textOf = (element: Described) =>
  [deprecationOf(element), ...sentences(element.description ?? '').filter((each) => !isCost(each))]
    .filter(Boolean)
    .join(' ');

/** Returns a whole description, after its deprecation. */
export const wholeTextOf = (element: Described) =>
  [deprecationOf(element), cell(element.description ?? '')].filter(Boolean).join(' ');

const deprecationOf = ({ deprecationReason }: Described) =>
  deprecationReason == null ? '' : `**Deprecated:** ${cell(deprecationReason)}`;

/** Returns the default value of an argument or input field as GraphQL. */
export const defaultOf = (node: { readonly defaultValue?: ConstValueNode | undefined } | null | undefined) =>
  node?.defaultValue ? `\`${print(node.defaultValue)}\`` : '';
