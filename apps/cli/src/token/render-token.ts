// A decoded token for people: what it is, then every member, moments in words, then what looks wrong.
import { KIND_NAMES, type DecodedToken } from './decode-token.ts'
import type { Lint } from './lints.ts'
import type { SignatureVerdict } from './verify-signature.ts'

export const MOMENTS: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'auth_time', 'updated_at'])

export interface Inspection {
  readonly token: DecodedToken
  readonly lints: readonly Lint[]
  readonly signature: SignatureVerdict | undefined
}

export function renderInspection({ token, lints, signature }: Inspection, nowSeconds: number): string {
  const lines = [
    `${KIND_NAMES[token.kind]}; ${renderSignature(signature)}`,
    'header',
    ...renderMembers(token.header, nowSeconds),
    ...(token.claims === undefined
      ? ['claims cannot be read, since they are encrypted']
      : ['claims', ...renderMembers(token.claims, nowSeconds)]),
    ...lints.map(({ severity, message, id }) => `${severity === 'error' ? '✕' : '!'} ${message} (${id})`),
  ]
  return `${lines.join('\n')}\n`
}

function renderSignature(signature: SignatureVerdict | undefined): string {
  if (signature === undefined) return 'signature not checked (give --jwks to check it)'
  return signature.valid ? '✓ signature valid' : `✕ signature not valid: ${signature.reason}`
}

export function renderMembers(
  members: Readonly<Record<string, unknown>>,
  nowSeconds: number,
): readonly string[] {
  const width = Math.max(0, ...Object.keys(members).map((name) => name.length))
  return Object.entries(members).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const moment =
      MOMENTS.has(name) && typeof value === 'number' ? `  ${renderMoment(value, nowSeconds)}` : ''
    // Control characters of a hostile token must not reach the terminal.
    return `  ${name.padEnd(width)}  ${text}${moment}`.replace(/\p{Cc}/gu, '\u{fffd}')
  })
}

/** @returns UTC and the distance from now: `2026-03-02T10:00:00Z (in 4 min)`; undefined for no moment at all */
export function renderMoment(seconds: number, nowSeconds: number): string | undefined {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return undefined
  const distance = renderDuration(Math.abs(seconds - nowSeconds))
  return `${date.toISOString().replace(/\.\d+Z$/, 'Z')} (${seconds > nowSeconds ? `in ${distance}` : `${distance} ago`})`
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const

function renderDuration(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= size)
  return unit === undefined ? `${Math.round(seconds)} s` : `${Math.floor(seconds / unit[1])} ${unit[0]}`
}
