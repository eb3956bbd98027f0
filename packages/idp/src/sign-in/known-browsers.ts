// Browsers with an earlier sign-in, where guesses by strangers do not lock out the user.
//
// A cookie has an entry for each of the last few users: a random id, its creation time, and a MAC over both, the user
// and the hash of their password. Nothing is stored, the cookie identifies no user, and a new password invalidates it
// everywhere.
import { createHmac, randomBytes } from 'node:crypto'

import { type Clock, isSameText } from '@crosswalk/as-core'
import { DAY_SECONDS } from '@crosswalk/protocol'

import { createBrowserCookie } from './browser-cookie.ts'

const KNOWN_FOR_SECONDS = 180 * DAY_SECONDS
export const KNOWN_BROWSER = createBrowserCookie('crosswalk_browser', KNOWN_FOR_SECONDS)
/** Enough for a shared browser; the least recent user is dropped. */
const USERS_PER_BROWSER = 5
const MAX_CHARACTERS = 1024
const ENTRY = /^([\w-]{22})\.(\d{1,12})\.([\w-]{43})$/

export interface KnownUser {
  readonly id: string
  /** Undefined if the user has no password; then no browser is known */
  readonly passwordHash: string | undefined
}

export interface KnownBrowsers {
  /** @returns an identifier of this browser and user; undefined if the user has not signed in with it recently */
  find(cookie: string | undefined, user: KnownUser): string | undefined
  /** @returns the new value of the cookie after a sign-in; undefined if it does not change */
  add(cookie: string | undefined, user: KnownUser): string | undefined
}

export function createKnownBrowsers(key: string, clock: Clock): KnownBrowsers {
  const sign = (id: string, at: string, { id: userId, passwordHash }: KnownUser) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['known-browser', id, at, userId, passwordHash]))
      .digest('base64url')

  function isOf(entry: string, user: KnownUser): boolean {
    const [, id = '', at = '', mac = ''] = ENTRY.exec(entry) ?? []
    return isSameText(mac, sign(id, at, user))
  }

  const nowSeconds = () => Math.floor(clock.nowMs() / 1000)
  const isFresh = (entry: string) => nowSeconds() - Number(entry.split('.')[1]) < KNOWN_FOR_SECONDS
  const read = (cookie = '') =>
    cookie.length > MAX_CHARACTERS
      ? []
      : cookie
          .split('~')
          .filter((entry) => ENTRY.test(entry))
          .filter(isFresh)

  return {
    find(cookie, user) {
      if (user.passwordHash === undefined) return undefined
      const entry = read(cookie)
        .slice(0, USERS_PER_BROWSER)
        .find((one) => isOf(one, user))
      return entry === undefined ? undefined : `${user.id} ${entry.split('.')[0]}`
    },
    add(cookie, user) {
      if (user.passwordHash === undefined) return undefined
      const others = read(cookie).filter((entry) => !isOf(entry, user))
      const [id, at] = [randomBytes(16).toString('base64url'), String(nowSeconds())]
      return [`${id}.${at}.${sign(id, at, user)}`, ...others].slice(0, USERS_PER_BROWSER).join('~')
    },
  }
}
