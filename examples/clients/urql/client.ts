import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { cache } from './cache.ts';

export function createClient(url: string): Client {
  return new Client({
    url,
    // In production the gateway takes no operation from a URL.
    preferGetMethod: false,
    exchanges: [cacheExchange(cache), fetchExchange],
  });
}
