const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Returns width and height from the header of a base64 PNG; undefined for anything else. */
export function readPngSize(base64: string): { width: number; height: number } | undefined {
  if (base64.length % 4 !== 0 || !BASE64.test(base64)) return undefined;
  // The first 24 bytes: signature, length and name of the first chunk, width, height.
  const head = Buffer.from(base64.slice(0, 32), 'base64');
  if (head.length < 24 || !head.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}
