import { type ASTNode, type GraphQLError, Kind } from 'graphql';
import { shortenMessage } from './shorten.ts';

const valueKinds = new Set<string>([
  Kind.STRING,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.NULL,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** Returns whether the node is a value in the document, or a part of one. */
export const isValue = (node: ASTNode) => valueKinds.has(node.kind);

/** Returns what validation says about a document, without the value if that is what is wrong: it may be a secret. */
export function validationMessage({ message, nodes }: GraphQLError): string {
  const [node] = nodes ?? [];
  return shortenMessage(node && isValue(node) ? withoutValue(message, node) : message);
}

/** The part of the message before the value. The names in it are the schema's or keys of the document. */
function withoutValue(message: string, node: ASTNode): string {
  // The names of fields; no message of this form has a value.
  if (message.startsWith('Field "') || message.startsWith('OneOf Input Object "')) return message;
  if (message.startsWith('Expected value of type "')) return upTo(message, ', found ');
  if (node.kind === Kind.ENUM && message.startsWith(`Value "${node.value}" does not exist in "`))
    return `The value ${upTo(message.slice(`Value "${node.value}" `.length), '.')}`;
  const verb = message.indexOf(' cannot represent ');
  if (verb >= 0) return upTo(message, ':', verb);
  return 'The value is not valid here.';
}

function upTo(message: string, end: string, from = 0): string {
  const at = message.indexOf(end, from);
  return at < 0 ? 'The value is not valid here.' : `${message.slice(0, at)}.`;
}
