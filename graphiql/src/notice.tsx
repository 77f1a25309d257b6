import type { DataNotice } from '../../src/server/graphiql/page-config.ts';
import { Mark } from './mark.tsx';

/** Says above everything else whose data an operation reads and changes. */
export function Notice({ kind, label, text }: DataNotice) {
  return (
    <header className="notice" data-kind={kind}>
      <Mark />
      <strong className="notice-name">Management API</strong>
      <p role="note">
        <span className="notice-label">{label}</span> {text}
      </p>
    </header>
  );
}
