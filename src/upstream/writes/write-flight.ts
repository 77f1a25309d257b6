import type { CallTracker } from '../call-tracker.ts';
import type { UpstreamWrite } from '../endpoint.ts';
import { UpstreamUnauthorized } from '../errors.ts';
import { Flight } from '../flight.ts';
import type { SendWrite, Written } from './send-write.ts';
import { endError } from './write-errors.ts';

/** What later operations must know of a write that is under way. */
export interface WriteFlight<T> {
  readonly fingerprint: string;
  readonly flight: Flight<T>;
  /** This write, or an earlier one with its key, may have been carried out. */
  mayHaveSucceeded: boolean;
}

/** Sends a write within its flight. `mayHaveSucceeded`: an earlier write with its key may have been carried out. */
export type SendInFlight = <A>(write: UpstreamWrite<A>, mayHaveSucceeded: boolean) => Promise<Written<A>>;

export interface WriteStarter {
  start<T>(
    tracker: CallTracker,
    known: Pick<WriteFlight<T>, 'fingerprint' | 'mayHaveSucceeded'>,
    work: (send: SendInFlight, write: WriteFlight<T>) => Promise<T>,
  ): WriteFlight<T>;
  /** Resolves when no write is under way any more. */
  settled(): Promise<void>;
}

/** `onChange` is called after each write that may have changed what reads return. */
export function createWriteStarter(sendWrite: SendWrite, onChange: () => void): WriteStarter {
  const running = new Set<Promise<unknown>>();
  return {
    start<T>(
      tracker: CallTracker,
      known: Pick<WriteFlight<T>, 'fingerprint' | 'mayHaveSucceeded'>,
      work: (send: SendInFlight, write: WriteFlight<T>) => Promise<T>,
    ) {
      const onSend = () => {
        flight.markSent();
        started.mayHaveSucceeded = true;
      };
      const send: SendInFlight = async (write, mayHaveSucceeded) => {
        try {
          const written = await sendWrite(write, flight.call, mayHaveSucceeded, onSend);
          onChange();
          return written;
        } catch (error) {
          // With refused keys nothing has changed.
          if (!(error instanceof UpstreamUnauthorized)) onChange();
          throw error;
        }
      };
      // Deferred, so that `flight` and `started` exist when the work uses them.
      const flight = new Flight<T>(tracker, () => Promise.resolve().then(() => work(send, started)));
      const started: WriteFlight<T> = { ...known, flight };
      running.add(flight.work);
      const land = () => running.delete(flight.work);
      flight.work.then(land, land);
      return started;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** Waits for a write or for the end of the operation, whichever comes first. */
export function joinWrite<T>(write: WriteFlight<T>, tracker: CallTracker): Promise<T> {
  const { flight } = write;
  // As long as another operation waits for the write, it will still be sent.
  return flight.join(tracker, (reason) => endError(reason, write.mayHaveSucceeded || flight.hasWaiters));
}
