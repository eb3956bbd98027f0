// Restricts where users are redirected after sign-in to console paths, against open redirects.
import { CONSOLE_PATH } from '@crosswalk/control'

/** Bounded, because it is stored in a cookie: browsers reject cookies over 4,096 bytes. */
const PLACE = /^\/admin\/(?!\/)[\x21-\x5b\x5d-\x7e]{0,2000}$/

/** @returns the path, or the first page if it is not a console path */
export function checkTarget(to: string | null): string {
  return to !== null && PLACE.test(to) ? to : `${CONSOLE_PATH}/`
}
