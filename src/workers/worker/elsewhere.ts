import type { SubscriptionsElsewhere } from '../../server/subscriptions/open-subscriptions.ts';
import type { Channel } from '../channel.ts';

/** Returns the subscriptions that other workers have open, as the primary tells. */
export function createSubscriptionsElsewhere(channel: Channel): SubscriptionsElsewhere {
  const counts = new Map<string, number>();
  channel.on('subscriptions', ({ owner, count }) => {
    if (count > 0) counts.set(owner, count);
    else counts.delete(owner);
  });
  return {
    count: (owner) => counts.get(owner) ?? 0,
    changed: (owner, count) => channel.notify('subscriptions', { owner, count }),
  };
}
