import { readPngSize } from '../../data/png.ts';

const LEAST = 100;
const MOST = 1000;

export type Logo = { readonly dataUrl: string; readonly width: number; readonly height: number };

/**
 * The picture when it is a PNG of 100 to 1000 pixels a side. Anything else is accepted with the order and silently not
 * shown (source: OpenAPI document 2.0.9).
 */
export function readLogo(text: string): Logo | undefined {
  const size = readPngSize(text);
  const fits = size && [size.width, size.height].every((side) => side >= LEAST && side <= MOST);
  return fits ? { dataUrl: `data:image/png;base64,${text}`, ...size } : undefined;
}
