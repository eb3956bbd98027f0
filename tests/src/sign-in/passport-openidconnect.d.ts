// The package has no types; these cover what the test uses.
declare module 'passport-openidconnect' {
  export const Strategy: unknown
}
