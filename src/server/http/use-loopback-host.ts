import type { Plugin } from 'graphql-yoga';
import { isLoopback } from '../../config/network/loopback.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { errorResponse } from './error-response.ts';

/**
 * Refuses requests whose host is not a loopback host. Without authentication, a loopback port is safe from other machines
 * but not from a web page in a browser on this machine: the page can point its own host name at 127.0.0.1, and would then
 * read responses as its own origin (DNS rebinding).
 */
export function useLoopbackHost(): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (!isLoopback(url.hostname)) endResponse(errorResponse(request, fetchAPI, badRequest('foreignHost')));
    },
  };
}
