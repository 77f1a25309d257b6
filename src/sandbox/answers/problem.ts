import { randomBytes, randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Policy } from '../policy/policy.ts';
import { defaultPolicy } from '../policy/policy.ts';
import type { FieldError } from '../rules/field-error.ts';
import type { Answer } from './answer.ts';

interface ProblemOptions {
  /** The 404 of two operations is declared with the media type of a good answer (source: document 2.0.9). */
  contentType?: string;
  extraDetails?: readonly FieldError[];
  /** The title that is published for this error, sent when the policy asks for it. */
  documentedTitle?: string;
}

/** Writes errors of the API itself. */
export interface Problems {
  /** An RFC 7807 problem. No `type` is published, so the sandbox has its own. */
  problem(status: number, detail: string, options?: ProblemOptions): Answer;
  /** A 400 that names the field. */
  invalidField(name: string, reason: string): Answer;
  /** A 400 that names each of the fields; the empty name is the body itself. */
  invalidFields(extraDetails: readonly FieldError[]): Answer;
}

export function createProblems(policy: Policy): Problems {
  const problem: Problems['problem'] = (status, detail, options = {}) => {
    const statusText = STATUS_CODES[status] ?? 'Unknown error';
    const documented = policy.problemTitles === 'documented' ? options.documentedTitle : undefined;

    const body = {
      type: `https://example.com/problem/${statusText.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`,
      title: documented ?? statusText,
      status: policy.problemStatus === 'string' ? String(status) : status,
      detail,
      instance: `urn:uuid:${randomUUID()}`,
      ...(policy.problemTraceId && { traceId: randomBytes(16).toString('hex') }),
      ...(options.extraDetails && shape(options.extraDetails, policy)),
    };
    return {
      status,
      contentType: options.contentType ?? 'application/problem+json',
      body: JSON.stringify(body),
    };
  };
  const invalidFields: Problems['invalidFields'] = (extraDetails) => {
    const list = extraDetails.map(({ name, reason }) => `${name || 'the body'} ${reason}`).join(' ');
    const named = extraDetails.map(({ name, reason }) => ({ name: name || 'body', reason }));
    return problem(400, `The request is not valid: ${list}`, { extraDetails: named });
  };

  return {
    problem,
    invalidField: (name, reason) => invalidFields([{ name, reason }]),
    invalidFields,
  };
}

/** Writes a problem under the default policies: for faults, which describe their own form, and for the sandbox's own failures. */
export const { problem } = createProblems(defaultPolicy);

function shape(details: readonly FieldError[], { extraDetails }: Policy): object {
  switch (extraDetails) {
    case 'none':
      return {};
    case 'nameReason':
      return { extraDetails: details };
    case 'keyValue':
      return { extraDetails: details.map(({ name, reason }) => ({ key: name, value: reason })) };
    case 'fieldText':
      return { extraDetails: details.map(({ name, reason }) => ({ field: name, text: reason })) };
    case 'invalidParams':
      return { invalidParams: details };
    case 'errors':
      return { errors: Object.fromEntries(details.map(({ name, reason }) => [capitalised(name), [reason]])) };
  }
}

const capitalised = (name: string) => name.replace(/(^|\.)[a-z]/g, (letter) => letter.toUpperCase());
