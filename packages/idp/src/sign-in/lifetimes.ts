// Lifetimes of the provider's records. ID tokens have their own setting (`idTokenTtlSeconds`).
import { DAY_SECONDS } from '@crosswalk/protocol'

const HOUR_SECONDS = 3600

export const ACCESS_TOKEN_TTL_SECONDS = 600
export const AUTHORIZATION_CODE_TTL_SECONDS = 60
/** Time between opening and submitting the sign-in page. */
export const INTERACTION_TTL_SECONDS = HOUR_SECONDS
/** A working day after the last use; policies may require a more recent authentication (`maxAuthAgeSeconds`). */
export const SESSION_TTL_SECONDS = 12 * HOUR_SECONDS
export { REFRESH_TOKEN_TTL_SECONDS } from '@crosswalk/policy'
/** Nothing outlives its grant: refreshing ends this long after the last authorization, whatever the rotations. */
export const GRANT_TTL_SECONDS = 90 * DAY_SECONDS
/** How long an expired refresh token is kept, so that the response can state that it expired. */
export const EXPIRED_REFRESH_TOKEN_KEPT_SECONDS = DAY_SECONDS
