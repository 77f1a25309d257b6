import { randomBytes, randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Answer } from './answer.ts';

/**
 * One field that is wrong. The sources disagree on the names: document 2.0.9 has key and value, the knowledge base and
 * the Webhooks API have name and reason. The sandbox sends the latter, which says more.
 */
export interface ExtraDetail {
  name: string;
  reason: string;
}

interface ProblemOptions {
  /** The 404 of two operations is declared with the media type of a good answer (source: document 2.0.9). */
  contentType?: string;
  extraDetails?: ExtraDetail[];
}

/** An error written by the API itself: RFC 7807. No title or type is published, so both are the sandbox's own. */
export function problem(status: number, detail: string, options: ProblemOptions = {}): Answer {
  const title = STATUS_CODES[status] ?? 'Unknown error';
  const body = {
    type: `https://example.com/problem/${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${randomUUID()}`,
    traceId: randomBytes(16).toString('hex'),
    ...(options.extraDetails && { extraDetails: options.extraDetails }),
  };
  return {
    status,
    contentType: options.contentType ?? 'application/problem+json',
    body: JSON.stringify(body),
  };
}

/** A 400 that names the field. */
export function invalidField(name: string, reason: string): Answer {
  return problem(400, `The request is not valid: ${name} ${reason}`, { extraDetails: [{ name, reason }] });
}
