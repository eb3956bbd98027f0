// The package has no types; the test names what it uses.
declare module 'passport-openidconnect' {
  export const Strategy: unknown
}
