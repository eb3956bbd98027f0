// A check is a rule about how values of the file relate, reported as findings.
import { isAllowedClientMetadataUrl, parsePublicJwk } from '@crosswalk/protocol'

import type { FileFinding, Path } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { suggestFix } from '../suggest.ts'

export type FileCheck = (view: View) => readonly FileFinding[]

const gathered = new WeakMap<readonly Entry<unknown>[], Map<string, ReadonlySet<string>>>()

/**
 * Cached per list, because every reference looks it up.
 *
 * @returns the text values that the entries have under a key, whether or not the entries are otherwise valid
 */
export function textsOf(entries: readonly Entry<unknown>[], key: string): ReadonlySet<string> {
  const byKey = gathered.get(entries) ?? new Map<string, ReadonlySet<string>>()
  const texts = byKey.get(key) ?? new Set(entries.flatMap((entry) => textOf(entry, key) ?? []))
  gathered.set(entries, byKey.set(key, texts))
  return texts
}

export function textOf(entry: Entry<unknown>, key: string): string | undefined {
  const value = entry.raw[key]
  return typeof value === 'string' ? value : undefined
}

/** @returns whether a client needs no registration, because its id is the URL of an allowed metadata document */
export function describesItself(clientId: string | undefined, allow: readonly string[]): boolean {
  return clientId !== undefined && isAllowedClientMetadataUrl(clientId, allow, { allowLoopback: true })
}

/** @returns the name of an entry for messages, with its id if it has one */
export function nameOf(kind: string, entry: Entry<unknown>): string {
  return `${kind} ${textOf(entry, 'id') ?? 'without id'}`
}

/** Problem and fix for an unknown name. */
interface Unknown {
  readonly what: string
  /** The fix if no similar name is known */
  readonly otherwise: string
}

/** Checks that a name is one of the known names. */
export function checkName(
  path: Path,
  name: string,
  known: ReadonlySet<string>,
  { what, otherwise }: Unknown,
): readonly FileFinding[] {
  return known.has(name) ? [] : [{ path, what, fix: suggestFix(name, known, otherwise) }]
}

/** Checks that a referenced object is defined. */
export function checkReference(
  path: Path,
  name: string,
  known: ReadonlySet<string>,
  kind: string,
): readonly FileFinding[] {
  const what = `there is no ${kind} ${name}`
  return checkName(path, name, known, { what, otherwise: `define ${kind} ${name}` })
}

/** Checks that the audiences of external tokens are mapped to defined apps. */
export function checkAudienceApps(
  path: Path,
  audiences: Readonly<Record<string, string>>,
  view: View,
): readonly FileFinding[] {
  return Object.entries(audiences).flatMap(([audience, app]) =>
    checkReference([...path, 'audiences', audience], app, textsOf(view.apps, 'id'), 'app'),
  )
}

interface KeySource {
  /** Authentication method, for clients */
  readonly method?: string
  readonly jwks?: { readonly keys: readonly unknown[] } | undefined
  readonly jwksUri?: string | undefined
}

/**
 * Keys that cannot be used are skipped, so one usable key is enough.
 *
 * @param fix - the fix for an empty list of keys
 */
export function checkKeySource(
  path: Path,
  { jwks, jwksUri }: KeySource,
  fix = 'add the public keys, or write `jwksUri:` the URL where they are',
): readonly FileFinding[] {
  if (jwks === undefined) return []
  if (jwksUri !== undefined) {
    const what = 'both jwks and jwksUri are given'
    return [{ path: [...path, 'jwksUri'], at: 'key', what, fix: 'keep one of the two' }]
  }
  const at = { path: [...path, 'jwks'], at: 'key' } as const
  if (jwks.keys.length === 0)
    return [{ ...at, what: 'there is no key in `jwks`, so every signature is refused', fix }]
  const parsed = jwks.keys.map((key) => parsePublicJwk(key))
  if (parsed.some(({ accepted }) => accepted)) return []
  const problems = parsed.flatMap((key) => (key.accepted ? [] : key.refusal))
  return [
    {
      ...at,
      severity: 'warning',
      what: `no key in \`jwks\` can verify a signature: ${[...new Set(problems)].join(', ')}`,
      fix: 'use RSA keys of at least 2048 bits, or keys of P-256, P-384, P-521 or Ed25519',
    },
  ]
}
