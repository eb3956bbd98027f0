// Removes what must not be in a trace, wherever it came from: secrets and tokens become fingerprints, e-mail addresses
// pseudonyms. They are stable within a file, but differ between files. Pure: the salt is an argument, and is not
// stored.
import { createHmac } from 'node:crypto'

import { isObject } from '@crosswalk/protocol'

import { ENDS_MASKED } from '../flow/redact.ts'
import { hideUserInfo } from '../http/hide-user-info.ts'

export interface TraceRedaction {
  /** For this file only; with it, addresses could be guessed and checked */
  readonly salt: string
  /** The secrets that this process knows */
  readonly secrets: readonly string[]
  /** Other text to hide, in any case, such as the names of servers and users */
  readonly names?: readonly string[]
}

/** Could occur in other text: short or word-like values are only masked in members with the name of a secret. */
const LIKE_A_WORD = /^(?:.{1,5}|[A-Za-z_]{1,16})$/s
/** Readers accept 16 levels; deeper values are stored as text. */
const MAX_LEVELS = 15

const SECRET_MEMBER =
  /^(subject_token|actor_token|assertion|client_secret|client_assertion|access_token|refresh_token|id_token|code_verifier|password|authorization|proxy-authorization|cookie|set-cookie|dpop|mcp-session-id|x-api-key)$/i
const SECRET_PARAMETER =
  /([?&#](?:code|code_verifier|assertion|password|client_secret|[a-z_]*_token|client_assertion)=)(?!%5B\d+\+characters)[^&#\s"'<>]+/gi
/**
 * Complete runs, to keep matching linear; a token starts with `eyJ`, which encodes the start of a JSON object in
 * base64url.
 */
const DOTTED = /[\w.-]+/g
/** Excludes the parameters of a challenge. */
const CREDENTIALS = /\b(Basic|Bearer|DPoP) [\w~+/.-]{8,}=*(?![\w~+/.="-])/gi
/** Also in URL encoding. */
const EMAIL =
  /(?<![\p{L}\p{N}.!$%*+^_`{|}~-])[\p{L}\p{N}.!$%*+^_`{|}~-]+(?:@|%(?:25)*40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu

/** @returns the same value, safe to share */
export function createTraceRedactor({
  salt,
  secrets,
  names = [],
}: TraceRedaction): (value: unknown) => unknown {
  const mark = (text: string): string => createHmac('sha256', salt).update(text).digest('hex').slice(0, 12)
  const hide = (text: string): string => `[secret #${mark(text)}]`
  const known = listSpellings(secrets)
  const named = names.length === 0 ? undefined : matchNames(names)

  const hideToken = (dotted: string): string => {
    const start = dotted.indexOf('eyJ')
    return start < 0 || !dotted.includes('.', start)
      ? dotted
      : `${dotted.slice(0, start)}[token #${mark(dotted.slice(start))}]`
  }
  const redactText = (text: string): string => {
    const safe = redactSecrets(text)
    // Also a name within a URL must be one.
    return named === undefined ? safe : safe.replace(named, (name) => `redacted-${mark(name.toLowerCase())}`)
  }
  const redactSecrets = (text: string): string =>
    known
      .reduce(
        (rest, { spelling, secret }) => rest.replaceAll(spelling, () => hide(secret)),
        hideUserInfo(text),
      )
      .replace(DOTTED, hideToken)
      .replace(SECRET_PARAMETER, (found, name: string) => name + hide(found.slice(name.length)))
      .replace(CREDENTIALS, (found, scheme: string) => `${scheme} ${hide(found)}`)
      .replace(EMAIL, (address) => `user-${mark(normalise(address))}@redacted.invalid`)

  const redact = (value: unknown, level: number): unknown => {
    if (typeof value === 'string') return redactText(value)
    if (Array.isArray(value))
      return level > MAX_LEVELS ? redactText(JSON.stringify(value)) : value.map((it) => redact(it, level + 1))
    if (!isObject(value)) return value
    if (level > MAX_LEVELS) return redactText(JSON.stringify(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [redactText(name), redactMember(name, member, level)]),
    )
  }
  const redactMember = (name: string, member: unknown, level: number): unknown =>
    typeof member === 'string' && SECRET_MEMBER.test(name) && !ENDS_MASKED.test(member)
      ? hide(member)
      : redact(member, level + 1)
  return (value) => redact(value, 1)
}

/** Longest first, since one may contain another. */
function matchNames(names: readonly string[]): RegExp {
  const spellings = names.flatMap((name) => [name, encodeURIComponent(name)])
  const longestFirst = spellings.toSorted((one, other) => other.length - one.length)
  return new RegExp(longestFirst.map((one) => one.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&')).join('|'), 'gi')
}

/** Unchanged, and as encoded in URLs and forms; longest first, since one may contain another. */
export function listSpellings(secrets: readonly string[]) {
  return secrets
    .filter((secret) => secret !== '' && !LIKE_A_WORD.test(secret))
    .flatMap((secret) => {
      const inForms = new URLSearchParams({ v: secret }).toString().slice('v='.length)
      return [...new Set([secret, encodeURIComponent(secret), inForms])].map((spelling) => ({
        spelling,
        secret,
      }))
    })
    .toSorted((one, other) => other.spelling.length - one.spelling.length)
}

function normalise(address: string): string {
  return address.replace(/%(?:25)*40/, '@').toLowerCase()
}
