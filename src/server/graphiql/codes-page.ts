import { createHash } from 'node:crypto';
import { type GraphQLSchema, isEnumType } from 'graphql';
import { type CodeInfo, errorCodes } from '../errors/codes.ts';

const STYLE = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1rem; overflow-wrap: anywhere }
section { border-top: 1px solid #8886; padding: .25rem .75rem }
section:target { background: #ffb02033; outline: 2px solid #d98200 }
h2 { font: 600 1.05rem ui-monospace, monospace; margin: .75rem 0 .25rem }
h1 + p, section p { margin: .25rem 0 }`;

/** Explains each code that a client can receive, with the code as its anchor. */
export interface CodesPage {
  readonly html: Buffer<ArrayBuffer>;
  readonly policy: string;
}

/** Returns the page, rendered from the same tables as the errors themselves. */
export function renderCodesPage(schema: GraphQLSchema): CodesPage {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Error codes – Management API</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<h1>Error codes</h1>
<p>Codes in <code>errors[].extensions.code</code>. The list is closed. Decide by the code, never by the message.</p>
${Object.entries(errorCodes).map(errorSection).join('\n')}
<h1>User error codes</h1>
<p>Codes in <code>userErrors[].code</code> of a mutation: problems in the input that you can fix. More may be added.</p>
${userErrorSections(schema)}
</html>
`;
  return {
    html: Buffer.from(html),
    policy: `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

const errorSection = ([code, { what, action, retryable }]: [string, CodeInfo]) => `<section id="${code}">
<h2>${code}</h2>
<p>${escaped(what)}</p>
<p><b>What to do:</b> ${escaped(action)}</p>
<p><b>Retry:</b> ${retryable ? 'yes' : 'no'}</p>
</section>`;

/** An error code and a user error code may have the same name, as `NOT_FOUND`. */
const userErrorAnchor = (code: string): string => `user-${code}`;

function userErrorSections(schema: GraphQLSchema): string {
  const type = schema.getType('UserErrorCode');
  return (isEnumType(type) ? type.getValues() : [])
    .map(
      ({ name, description }) => `<section id="${userErrorAnchor(name)}">
<h2>${name}</h2>
<p>${escaped(description ?? '')}</p>
</section>`,
    )
    .join('\n');
}

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');
