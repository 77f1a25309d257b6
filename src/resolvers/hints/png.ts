/** Size of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Signature, then the length, type, width and height of the header chunk. */
const HEADER_BYTES = 24;

/** Returns the size of a Base64-encoded PNG from its header, or undefined for other data. Does not decode the image. */
export function readPngSize(base64: string): ImageSize | undefined {
  // Base64 often has line breaks, so this takes a few characters more than the header needs.
  const bytes = Buffer.from(base64.slice(0, 64), 'base64');
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
