import { noObserver, type Observer } from '../telemetry/observer.ts';
import { createUpstreamClient, type SharedParts, type UpstreamClient } from './client.ts';
import { createHttp } from './http/http.ts';
import type { Credentials } from './keys/credentials.ts';
import { tenantKeyOf } from './keys/tenant-key.ts';
import type { AnswerArchive } from './reads/answer-archive.ts';
import { createMemoryAnswerCache } from './reads/memory-answer-cache.ts';

type Required = 'origin' | 'systemHeaders' | 'concurrency' | 'maxQueued' | 'timeoutMs' | 'store';

/** Every other part of {@link SharedParts} has a default. */
export interface UpstreamOptions
  extends Pick<SharedParts, Required>,
    Partial<Pick<SharedParts, 'http' | 'observer' | 'maxStaleMs' | 'merchantSerialNumberUse' | 'onDrop'>> {
  /** For clients of callers that bring their own keys; the observer of all others if absent. */
  readonly visitorObserver?: Observer;
  /** Bytes that cached answers may take, or a cache; 0 switches the cache off. */
  readonly cache: number | NonNullable<SharedParts['cache']>;
}

export interface ClientOverrides {
  /** Separates two clients that have the same keys. */
  readonly name?: string;
  readonly concurrency?: number | undefined;
  /** See `ClientOptions.onProved`. */
  readonly onProved?: () => void;
  /** Where the caller comes from who brings the keys. Used by clients that another process makes calls for. */
  readonly network?: string;
  /** See `ClientOptions.archive`. */
  readonly archive?: AnswerArchive | undefined;
}

/** One Management API at one origin, for as many sets of keys as needed. */
export interface Upstream {
  readonly origin: string;
  client(credentials: Credentials, overrides?: ClientOverrides): UpstreamClient;
  /** Frees the memory of expired answers. */
  purge(): void;
  /** Breaks off calls under way and closes the connections. */
  close(): Promise<void>;
}

/** Assembles everything that clients of one upstream share: connections, cache, writes under way and defaults. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { origin, concurrency, cache } = options;
  const shared: SharedParts = {
    observer: noObserver,
    maxStaleMs: 0,
    merchantSerialNumberUse: 'one',
    ...options,
    http: options.http ?? createHttp(origin, concurrency),
    cache:
      typeof cache !== 'number'
        ? cache
        : cache > 0
          ? createMemoryAnswerCache({ maxBytes: cache })
          : undefined,
    flights: new Map(),
  };
  const observerFor = (onProved: unknown) =>
    onProved ? (options.visitorObserver ?? shared.observer) : shared.observer;
  return {
    origin,
    client: (credentials, { name = '', concurrency: own = concurrency, onProved, archive } = {}) =>
      createUpstreamClient(
        { ...shared, concurrency: own, observer: observerFor(onProved) },
        { key: tenantKeyOf(origin, name, credentials), credentials, onProved, archive },
      ),
    purge: () => shared.cache?.purgeExpired(),
    close: () => shared.http.close(),
  };
}
