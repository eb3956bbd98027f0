// What may not stand in a trace, wherever it came from: secrets and tokens become marks, e-mail addresses pseudonyms. The same
// one is the same again within a file, and another one in the next file. Pure: the salt is an argument, and is not kept.
import { createHmac } from 'node:crypto'

import { isObject } from '@crosswalk/protocol'

import { ENDS_MASKED } from '../flow/redact.ts'

export interface TraceRedaction {
  /** Of this file alone; with it, addresses could be guessed and checked */
  readonly salt: string
  /** What this process knows to be secret */
  readonly secrets: readonly string[]
}

/** Found in other words, or one itself: what is sent under the name of a secret is masked even where it is no better than that. */
const LIKE_A_WORD = /^(?:.{1,5}|[A-Za-z_]{1,16})$/s
/** Readers take 16 levels; what nests deeper stands there as text. */
const MAX_LEVELS = 15

const SECRET_MEMBER =
  /^(subject_token|actor_token|assertion|client_secret|client_assertion|access_token|refresh_token|id_token|code_verifier|password|authorization|proxy-authorization|cookie|set-cookie|dpop|mcp-session-id|x-api-key)$/i
const SECRET_PARAMETER =
  /([?&#](?:code|code_verifier|assertion|password|client_secret|[a-z_]*_token|client_assertion)=)(?!%5B\d+\+characters)[^&#\s"'<>]+/gi
/** Whole runs, so that no text takes long; a token begins at `eyJ`, which opens a JSON object in base64url. */
const DOTTED = /[\w.-]+/g
/** Not the parameters of a challenge. */
const CREDENTIALS = /\b(Basic|Bearer|DPoP) [\w~+/.-]{8,}=*(?![\w~+/.="-])/gi
/** Also as it stands in a URL. */
const EMAIL =
  /(?<![\p{L}\p{N}.!$%*+^_`{|}~-])[\p{L}\p{N}.!$%*+^_`{|}~-]+(?:@|%(?:25)*40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu

/** @returns the same value, fit to be handed on */
export function createTraceRedactor({ salt, secrets }: TraceRedaction): (value: unknown) => unknown {
  const mark = (text: string): string => createHmac('sha256', salt).update(text).digest('hex').slice(0, 12)
  const hide = (text: string): string => `[secret #${mark(text)}]`
  const known = listSpellings(secrets)

  const hideToken = (dotted: string): string => {
    const start = dotted.indexOf('eyJ')
    return start < 0 || !dotted.includes('.', start)
      ? dotted
      : `${dotted.slice(0, start)}[token #${mark(dotted.slice(start))}]`
  }
  const redactText = (text: string): string =>
    known
      .reduce((rest, { spelling, secret }) => rest.replaceAll(spelling, () => hide(secret)), text)
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

/** As it is, and as it is written in URLs and forms; longest first, since one may be part of another. */
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
