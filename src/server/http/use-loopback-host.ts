import type { Plugin } from 'graphql-yoga';
import { isLoopback } from '../../config/loopback.ts';
import { refusal } from './http-error.ts';

/**
 * Without authentication a loopback port is safe from other machines, but not from a web page in a browser on this one:
 * it can give its own host name the address 127.0.0.1 and would then read answers as its own origin. So a request must
 * name this machine.
 */
export function useLoopbackHost(): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (isLoopback(url.hostname)) return;
      const message =
        'Without authentication this gateway answers only requests to a loopback host such as 127.0.0.1.';
      endResponse(refusal(request, fetchAPI, 421, message));
    },
  };
}
