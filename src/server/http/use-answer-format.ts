import { type Plugin, processRegularResult } from 'graphql-yoga';
import { compressionFor } from './compress.ts';
import { answerTypeFor } from './media-type.ts';

/** Sends the media type and the encoding that the client prefers. Yoga ignores quality values. */
export function useAnswerFormat(): Plugin {
  return {
    onResultProcess({ request: { headers }, setResultProcessor }) {
      const compress = compressionFor(headers.get('accept-encoding'));
      // A client that accepts only events gets the status of an error.
      const mediaType = answerTypeFor(headers.get('accept')) ?? 'application/graphql-response+json';
      setResultProcessor((result, fetchAPI, type) => {
        const response = processRegularResult(
          result as Parameters<typeof processRegularResult>[0],
          fetchAPI,
          type,
        );
        return compress ? compress(response, fetchAPI) : response;
      }, mediaType);
    },
  };
}
