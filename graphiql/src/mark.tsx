/** The mark of the gateway. The icon in `index.html` is the same. */
export const Mark = () => (
  <svg className="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <rect width="24" height="24" rx="6" fill="#ff5b24" />
    <path
      d="M6 17V8l6 6 6-6v9"
      fill="none"
      stroke="#fff"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
