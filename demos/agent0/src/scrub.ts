// Removes anything that looks like a credential from a text before a model or browser sees it. By design no token
// gets this far; this covers what a tool or a user puts into a text.

const HIDDEN = '[hidden]'

/** `Bearer …` and similar, as in a logged header. */
const SCHEME = /\b(Bearer|DPoP|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi
/** A signed or encrypted token: base64url parts, of which the first starts with `{"`. */
const JWT = /\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}/g
/** A member or parameter that names a credential. */
const NAMED =
  /(["']?\b(?:access_token|refresh_token|id_token|subject_token|actor_token|assertion|client_secret|client_assertion|api[_-]?key|password|authorization|cookie)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}]+)/gi
const PREFIXED = /\b(?:sk|pk|rk|ghp|gho|ghs|xox[abps]|cwk)[-_][A-Za-z0-9_-]{12,}/g
/** Long and mixed enough to be random, unlike identifiers such as UUIDs. */
const OPAQUE = /[A-Za-z0-9_-]{40,}/g

export function scrubText(text: string): string {
  return text
    .replace(NAMED, (_, name: string, value: string) => `${name}${quoteLike(value)}`)
    .replace(SCHEME, (_, scheme: string) => `${scheme} ${HIDDEN}`)
    .replace(JWT, HIDDEN)
    .replace(PREFIXED, HIDDEN)
    .replace(OPAQUE, (run) => (isRandomLooking(run) ? HIDDEN : run))
}

/** Scrubs every text of a JSON value, including member names. */
export function scrubJson(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (Array.isArray(value)) return value.map(scrubJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      scrubText(name),
      typeof member === 'string' && NAME.test(name) ? HIDDEN : scrubJson(member),
    ]),
  )
}

const NAME =
  /^(?:access_?token|refresh_?token|id_?token|token|secret|assertion|client_?secret|api_?key|password|authorization|cookie)$/i

function quoteLike(value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? ''
  return `${quote}${HIDDEN}${quote}`
}

function isRandomLooking(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run)
}
