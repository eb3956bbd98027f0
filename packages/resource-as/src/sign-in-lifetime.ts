// How long a user who signed in at the provider of a service needs not do so again. Revocations are kept as long.

/** Longer than a sign-in, or reading a consent page, takes */
export const SIGN_IN_TTL_SECONDS = 600
