const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const LEAST = 100;
const MOST = 1000;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export type Logo = { readonly dataUrl: string; readonly width: number; readonly height: number };

/**
 * The picture when it is a PNG of 100 to 1000 pixels a side. Anything else is accepted with the order and silently not
 * shown (source: OpenAPI document 2.0.9).
 */
export function readLogo(text: string): Logo | undefined {
  if (!BASE64.test(text)) return undefined;
  // Signature, then the length and the name of the first chunk, which is always the one with the size.
  const head = Buffer.from(text.slice(0, 32), 'base64');
  if (head.length < 24 || !head.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (head.readUInt32BE(8) !== 13 || head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = head.readUInt32BE(16);
  const height = head.readUInt32BE(20);
  const fits = [width, height].every((side) => side >= LEAST && side <= MOST);
  return fits ? { dataUrl: `data:image/png;base64,${text}`, width, height } : undefined;
}
