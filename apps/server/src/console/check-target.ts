// Where a user may be led after signing in: only to places in the console. Nothing that leads elsewhere is believed.
import { CONSOLE_PATH } from '@crosswalk/control'

/** Bounded, since it waits in a cookie: browsers take no cookie over 4,096 bytes. */
const PLACE = /^\/admin\/(?!\/)[\x21-\x5b\x5d-\x7e]{0,2000}$/

/** @returns the path as it was given, or the first page for anything else */
export function checkTarget(to: string | null): string {
  return to !== null && PLACE.test(to) ? to : `${CONSOLE_PATH}/`
}
