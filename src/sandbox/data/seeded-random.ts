/**
 * Random values without state: the same seed, stream and index always give the same value, in any order of calls. So
 * units and merchants can be generated when they are needed instead of being stored.
 */
export interface SeededRandom {
  /** An integer from 0 to 2^32 - 1. */
  uint32(stream: string, index: number): number;
  /** An integer from 0 to `limit` - 1. */
  below(limit: number, stream: string, index: number): number;
  /** True with this probability. */
  chance(probability: number, stream: string, index: number): boolean;
  pick<T>(choices: readonly T[], stream: string, index: number): T;
  /** Lower-case hexadecimal digits. */
  hex(length: number, stream: string, index: number): string;
  /** A UUID of version 4. */
  uuid(stream: string, index: number): string;
}

const WORLD = 0x9e3779b1;

export function createSeededRandom(seed: number): SeededRandom {
  const start = scramble(Math.imul(seed | 0, WORLD) ^ 0x5bd1e995);

  const uint32 = (stream: string, index: number): number => {
    let hash = start;
    for (let at = 0; at < stream.length; at++) hash = Math.imul(hash ^ stream.charCodeAt(at), 0x01000193);
    return scramble(scramble(hash) ^ Math.imul(index + 1, WORLD));
  };
  const below = (limit: number, stream: string, index: number) => uint32(stream, index) % limit;
  const hex = (length: number, stream: string, index: number) => {
    let digits = '';
    for (let part = 0; digits.length < length; part++) {
      digits += uint32(`${stream}#${part}`, index).toString(16).padStart(8, '0');
    }
    return digits.slice(0, length);
  };

  return {
    uint32,
    below,
    chance: (probability, stream, index) => uint32(stream, index) < probability * 2 ** 32,
    pick(choices, stream, index) {
      const choice = choices[below(choices.length, stream, index)];
      if (choice === undefined) throw new RangeError(`Nothing to pick from for ${stream}.`);
      return choice;
    },
    hex,
    uuid(stream, index) {
      const digits = hex(32, stream, index);
      const variant = '89ab'.charAt(below(4, `${stream}#variant`, index));
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        variant + digits.slice(17, 20),
        digits.slice(20),
      ].join('-');
    },
  };
}

// The finalizer of MurmurHash3: every input bit changes about half of the output bits.
function scramble(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
