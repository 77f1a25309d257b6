import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

export interface PageDocument {
  readonly status: number;
  readonly body: Html;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a page answers: a document, or where to go next. */
export type PageAnswer = PageDocument | { readonly status: 302 | 303; readonly location: string };

interface PageParts {
  title: string;
  /** Everything below the banner and the skip link. The element with the id "content" is where the skip link leads. */
  content: Html;
}

/** The whole document around a page's content. */
export function page({ title, content }: PageParts): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – sandbox</title>
<link rel="icon" href="data:,">
<style>${styleSheet}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<p class="banner" role="note"><strong>This is a simulation.</strong> No real merchant and no real order: nothing leaves this machine.</p>
${content}
</body>
</html>
`;
}

// The stylesheet has quotes, which only a script or a style element may hold as they are.
const styleSheet = new Html(STYLE);

export function redirect(location: string, status: 302 | 303 = 303): PageAnswer {
  return { status, location };
}

/** A page that says one thing, such as an error. */
export function messagePage(status: number, title: string, text: string, more?: Html): PageDocument {
  const content = html`<main id="content" class="frame narrow"><h1>${title}</h1><div class="card"><p>${text}</p>${more}</div></main>`;
  return { status, body: page({ title, content }) };
}
