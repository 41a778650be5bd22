/** The gatehouse: two towers and the passage. */
export function BrandMark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path
        d="M2 17V6l3-3 3 3v2h2V6l3-3 3 3v11h-5v-4a2 2 0 0 0-4 0v4z"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}
