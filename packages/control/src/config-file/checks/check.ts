// What a check is: a rule about how values of the file fit each other, reported as findings.
import { isAllowedClientMetadataUrl } from '@crosswalk/protocol'

import type { Finding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { suggestFix } from '../suggest.ts'

export type Check = (view: View) => readonly Finding[]

const gathered = new WeakMap<readonly Entry<unknown>[], Map<string, ReadonlySet<string>>>()

/**
 * Gathered once per list, since every object that refers to another asks.
 *
 * @returns the texts that the entries have under a key, whether or not the entries are otherwise well formed
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

/** @returns how an entry is spoken of, by its id where it has one */
export function nameOf(kind: string, entry: Entry<unknown>): string {
  return `${kind} ${textOf(entry, 'id') ?? 'without id'}`
}

/** Audiences of tokens from elsewhere that are mapped to apps which are not defined. */
export function checkAudienceApps(
  path: Finding['path'],
  audiences: Readonly<Record<string, string>>,
  view: View,
): readonly Finding[] {
  const apps = textsOf(view.apps, 'id')
  return Object.entries(audiences)
    .filter(([, app]) => !apps.has(app))
    .map(([audience, app]) => ({
      path: [...path, 'audiences', audience],
      what: `there is no app ${app}`,
      fix: suggestFix(app, apps, `define app ${app}`),
    }))
}
