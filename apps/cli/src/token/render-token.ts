// Renders a decoded token for the terminal: its kind, every member with readable times, then suspicious values.
import type { SignatureVerdict } from '@crosswalk/lab'
import { type DecodedToken, KIND_NAMES, type Lint, TIME_CLAIMS, renderTime } from '@crosswalk/lab/token'

import { sanitize } from '../admin/table.ts'

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
      ? ['claims are encrypted']
      : ['claims', ...renderMembers(token.claims, nowSeconds)]),
    ...lints.map(({ severity, message, id }) => `${severity === 'error' ? '✕' : '!'} ${message} (${id})`),
  ]
  // Lints quote values of the token, which may be hostile.
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderSignature(signature: SignatureVerdict | undefined): string {
  if (signature === undefined) return 'signature not checked (use --jwks to check it)'
  return signature.valid ? '✓ signature valid' : `✕ signature not valid: ${signature.reason}`
}

/** A longer name would push the values of all others aside. */
const MAX_WIDTH = 32

export function renderMembers(
  members: Readonly<Record<string, unknown>>,
  nowSeconds: number,
): readonly string[] {
  const widths = Object.keys(members).map((name) => Math.min(name.length, MAX_WIDTH))
  const width = widths.reduce((most, one) => Math.max(most, one), 0)
  return Object.entries(members).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const moment =
      TIME_CLAIMS.has(name) && typeof value === 'number' ? `  ${renderTime(value, nowSeconds)}` : ''
    return sanitize(`  ${name.padEnd(width)}  ${text}${moment}`)
  })
}
