import { describe, expect, it } from 'vitest';
import { html } from '../../../src/sandbox/pages/kit/html.ts';
import { readLogo } from '../../../src/sandbox/pages/kit/logo.ts';
import { png } from '../../support/png.ts';

describe('a template', () => {
  it('escapes what is put in, for content and attributes alike', () => {
    const attack = `"><script>alert('&')</script>`;
    const escaped = '&#34;&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;';
    expect(html`<p title="${attack}">${attack}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect(html`${[attack, [attack]]}`.text).toBe(escaped + escaped);
  });

  it('leaves markup of another template as it is, and shows nothing for what is absent', () => {
    expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}</ul>`.text).toBe(
      '<ul><li>1</li><li>2</li></ul>',
    );
    expect(html`${null}${undefined}${false}${''}${0}`.text).toBe('0');
  });

  it('takes nothing for markup that only looks like it', () => {
    const fake = { text: '<b>' } as unknown as string;
    expect(html`${fake as string}`.text).not.toContain('<b>');
  });
});

describe('a logo', () => {
  it.each([
    [100, 100],
    [1000, 1000],
    [100, 1000],
  ])('of %d x %d pixels is shown', (width, height) => {
    expect(readLogo(png(width, height))).toMatchObject({ width, height });
  });

  it.each([
    [99, 100],
    [100, 99],
    [1001, 1000],
    [1000, 1001],
  ])('of %d x %d pixels is not', (width, height) => {
    expect(readLogo(png(width, height))).toBeUndefined();
  });

  const good = png(200, 200);
  const withByte = (at: number) => {
    const bytes = Buffer.from(good, 'base64');
    bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    return bytes.toString('base64');
  };
  it.each([
    ['no base64', `${good.slice(0, 40)}" onerror="alert(1)`],
    ['empty', ''],
    ['cut off in its header', good.slice(0, 28)],
    ['another format', Buffer.from('GIF89a and then some more bytes').toString('base64')],
    ['no PNG by its first byte', withByte(0)],
    ['a PNG whose first chunk is not the header', withByte(12)],
    ['a data URL', `data:image/png;base64,${good}`],
  ])('that is %s is not', (_, text) => {
    expect(readLogo(text)).toBeUndefined();
  });
});
