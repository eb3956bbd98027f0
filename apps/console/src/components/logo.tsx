// The logo: two crossing roads, in the theme's colours.
export function Logo({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="cw-logo">
      <rect x="1" y="1" width="30" height="30" rx="8" fill="var(--accent)" />
      <path
        d="M8 10h16M8 16h16M8 22h16"
        stroke="var(--accent-text)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="4 4.2"
      />
    </svg>
  )
}
