import { useGraphiQL } from '@graphiql/react';
import { useMemo } from 'react';
import { type AnswerSummary, summarize } from './answer-summary.ts';

const DOCS = '/graphiql/docs/error-codes';

/** What the shown answer has cost, and where its codes are explained. */
export function StatusLine() {
  const response = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.response);
  const summary = useMemo(() => summarize(response), [response]);
  if (!summary) return null;
  return (
    <div className="status-line" role="status" aria-label="Last answer">
      <Reports {...summary} />
      {summary.codes.length > 0 && (
        <ul className="codes" aria-label="Codes in this answer">
          {summary.codes.map(({ code, anchor }) => (
            <li key={anchor}>
              <a href={`${DOCS}#${anchor}`} target="_blank" rel="noreferrer">
                {code}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Reports({ cost, upstream }: AnswerSummary) {
  return (
    <>
      {upstream && (
        <span title="Calls to the Management API for this answer, and how old the oldest data in it is">
          <b>Upstream</b> {count(upstream.calls, 'call')}, {upstream.cached} cached, {upstream.ms} ms
          {upstream.oldest && `, oldest data ${new Date(upstream.oldest).toLocaleTimeString('en-GB')}`}
        </span>
      )}
      {cost && (
        <span title="The worst case that the gateway has reckoned with, and the points that remain this minute">
          <b>Cost:</b> estimate {count(cost.calls, 'call')} and {count(cost.rows, 'row')}
          {cost.charged !== undefined && `; ${count(cost.charged, 'point')} charged`}
          {cost.remaining !== undefined && `, ${cost.remaining.toLocaleString('en')} left`}
        </span>
      )}
    </>
  );
}

const count = (value = 0, noun: string) => `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;
