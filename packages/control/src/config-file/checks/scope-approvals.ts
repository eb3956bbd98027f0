// Meanings and approvals of scopes must refer to existing scopes and their current meaning.
import { compareMeanings } from '@crosswalk/policy'
import type { ResourceAppDefinition, ScopeApproval } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { type FileCheck, checkName, nameOf, textsOf } from './check.ts'

export const checkScopeApprovals: FileCheck = (view) => [
  ...view.resourceApps.flatMap(checkMeanings),
  ...view.scopeApprovals.flatMap((approval) => checkApproval(approval, view)),
]

/** A misspelt name would leave the intended scope without approval. */
function checkMeanings(entry: Entry<ResourceAppDefinition>): readonly FileFinding[] {
  const { value, path, broken } = entry
  if (value?.scopeMeanings === undefined || value.resources.length === 0 || broken.has('resources')) return []
  const known = new Set(value.resources.flatMap(({ scopes }) => scopes))
  return Object.keys(value.scopeMeanings).flatMap((scope) =>
    checkName([...path, 'scopeMeanings', scope], scope, known, {
      what: `${scope} is not a scope of any resource of ${nameOf('resource app', entry)}`,
      otherwise: 'add it to a resource or remove it here',
    }).map((finding) => ({ ...finding, at: 'key' })),
  )
}

function checkApproval({ value, path }: Entry<ScopeApproval>, view: View): readonly FileFinding[] {
  if (value === undefined) return []
  const { connection: id, scope, meaning } = value
  const connection = view.connections.find((one) => one.raw['id'] === id)
  if (connection === undefined) {
    return checkName([...path, 'connection'], id, textsOf(view.connections, 'id'), {
      what: `there is no connection ${id} in this file`,
      otherwise: `define connection ${id} here, or approve it where it is defined`,
    })
  }
  const target = view.resourceApps.find((app) => app.value?.id === connection.value?.resourceApp)
  if (target?.value === undefined || connection.value === undefined) return []
  const entry = new Map(Object.entries(target.value.scopeMeanings ?? {})).get(scope)
  if (entry?.needsApproval !== true) {
    const what = `${scope} needs no approval at ${nameOf('resource app', target)}`
    return [{ path: [...path, 'scope'], severity: 'warning', what, fix: 'remove the approval' }]
  }
  const { needsApproval: _, ...now } = entry
  const changed = Object.keys(compareMeanings(meaning, now).now)
  if (changed.length === 0) return []
  const what = `${scope} is held: its ${changed.join(', ')} differ from what was approved`
  const fix = `review its current meaning, and write \`meaning: ${JSON.stringify(now)}\` to approve that`
  return [{ path: [...path, 'meaning'], severity: 'warning', what, fix }]
}
