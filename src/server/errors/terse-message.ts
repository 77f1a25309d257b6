import { type ASTNode, type GraphQLError, Kind } from 'graphql';
import { shortenMessage, shortenName } from './shorten.ts';
import { isValue } from './validation-message.ts';

/**
 * Returns what is wrong with a document, for a caller who may not read the schema: the name at the place where it is
 * wrong, no other name and no value. The place itself is in `locations`. The library's message is kept only where
 * all of its names are the document's own: a name that it takes from the schema may be in the document too, as a guess.
 */
export function terseMessage({ message, nodes }: GraphQLError): string {
  const [node] = nodes ?? [];
  if (!node) return shortenMessage(message);
  if (message.length <= LONGEST && isAboutDocument(message)) return message;
  return `${describeNode(node)} is not valid here. Check it against the schema.`;
}

const LONGEST = 300;

/** Messages about how the parts of a document fit each other, whatever the schema is, without their names. */
const aboutDocument = new Set([
  'Unknown fragment "".',
  'Fragment "" is never used.',
  'Variable "" is not defined.',
  'Variable "" is not defined by operation "".',
  'Variable "" is never used.',
  'Variable "" is never used in operation "".',
  ...['operation', 'fragment', 'variable', 'argument', 'input field'].map(
    (part) => `There can be only one ${part} named "".`,
  ),
  'The directive "" can only be used once at this location.',
  'This anonymous operation must be the only defined operation.',
]);

function isAboutDocument(message: string): boolean {
  const form = message.replaceAll(/"[$@]?\w+"/g, '""');
  return aboutDocument.has(form) || form.startsWith('Cannot spread fragment "" within itself');
}

function describeNode(node: ASTNode): string {
  switch (node.kind) {
    case Kind.FIELD:
      return `The field ${quote(node.name.value)}`;
    case Kind.ARGUMENT:
      return `The argument ${quote(node.name.value)}`;
    case Kind.DIRECTIVE:
      return `The directive ${quote(`@${node.name.value}`)}`;
    case Kind.VARIABLE:
      return `The variable ${quote(`$${node.name.value}`)}`;
    case Kind.VARIABLE_DEFINITION:
      return `The variable ${quote(`$${node.variable.name.value}`)}`;
    case Kind.NAMED_TYPE:
      return `The type ${quote(node.name.value)}`;
    case Kind.FRAGMENT_SPREAD:
    case Kind.FRAGMENT_DEFINITION:
      return `The fragment ${quote(node.name.value)}`;
    case Kind.INLINE_FRAGMENT:
      return 'The fragment';
    case Kind.NAME:
      return `The name ${quote(node.value)}`;
    default:
      return isValue(node) ? 'The value' : 'This part';
  }
}

const quote = (name: string) => `"${shortenName(name)}"`;
