// What people may rightly look for but this version does not act upon. Ignoring it would promise what is not kept,
// so it is refused by name.
import { valueAt } from './describe-issue.ts'
import type { Finding, Path } from './finding.ts'

interface Unavailable {
  /** `*` stands for every item of a list */
  readonly path: readonly string[]
  /** Only this value of it; unless given, whatever it is */
  readonly value?: string
  readonly what: string
  readonly fix: string
}

const UNAVAILABLE: readonly Unavailable[] = [
  {
    path: ['idp', 'upstream', '*', 'type'],
    value: 'saml',
    what: 'idp.upstream: signing in through a SAML identity provider is not available in this version',
    fix: 'use its OpenID Connect side (`type: oidc`); its SAML assertions are taken as subject tokens (`idp.saml`)',
  },
]

export function findUnavailable(raw: unknown): readonly Finding[] {
  return UNAVAILABLE.flatMap(({ path, value, what, fix }) =>
    expand(raw, path)
      .filter((found) => value === undefined || valueAt(raw, found) === value)
      .map((found) => ({ path: found, at: 'key' as const, what, fix })),
  )
}

/** @returns the paths of the data that a pattern leads to */
function expand(raw: unknown, pattern: readonly string[], from: Path = []): readonly Path[] {
  const [part, ...rest] = pattern
  if (part === undefined) return valueAt(raw, from) === undefined ? [] : [from]
  if (part !== '*') return expand(raw, rest, [...from, part])
  const list = valueAt(raw, from)
  return Array.isArray(list) ? list.flatMap((_, index) => expand(raw, rest, [...from, index])) : []
}
