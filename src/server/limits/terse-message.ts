import { type ASTNode, type GraphQLError, Kind } from 'graphql';

/**
 * What is wrong with a document, for a caller who may not read the schema: no name that the document does not have
 * itself, and no value. The place stands in `locations`.
 */
export function terseMessage({ message, nodes, source }: GraphQLError): string {
  const [node] = nodes ?? [];
  if (!node) return message;
  const text = node.loc?.source.body ?? source?.body ?? '';
  if (isOnlyOf(message, text) && !values.has(node.kind)) return message;
  return `${nameOf(node)} is not valid here. Hold it against the schema.`;
}

const values = new Set<string>([
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

const wordsOf = (text: string) => text.match(/\w+/g) ?? [];

/** Whether every word between quotation marks stands in the document. */
function isOnlyOf(message: string, text: string): boolean {
  const known = new Set(wordsOf(text));
  const quoted = message.match(/"[^"]*"/g) ?? [];
  return quoted.every((part) => wordsOf(part).every((word) => known.has(word)));
}

function nameOf(node: ASTNode): string {
  switch (node.kind) {
    case Kind.FIELD:
      return `The field "${node.name.value}"`;
    case Kind.ARGUMENT:
      return `The argument "${node.name.value}"`;
    case Kind.DIRECTIVE:
      return `The directive "@${node.name.value}"`;
    case Kind.VARIABLE:
      return `The variable "$${node.name.value}"`;
    case Kind.VARIABLE_DEFINITION:
      return `The variable "$${node.variable.name.value}"`;
    case Kind.NAMED_TYPE:
      return `The type "${node.name.value}"`;
    case Kind.FRAGMENT_SPREAD:
    case Kind.FRAGMENT_DEFINITION:
      return `The fragment "${node.name.value}"`;
    case Kind.INLINE_FRAGMENT:
      return 'The fragment';
    default:
      return values.has(node.kind) ? 'The value' : 'What stands here';
  }
}
