// Dry runs: a change is checked like any other, but not written. The response shows the resource as it would become.
import type { GroupDefinition } from '@crosswalk/protocol'

import type { UserRecord } from '../definitions/records.ts'
import type { ProviderParts, ScimRequest } from './scim-context.ts'
import { renderScim, ScimError } from './scim-error.ts'
import { renderGroup, renderUser } from './scim-resources.ts'
import type { Directory } from '../definitions/directory.ts'

/** Thrown in place of the first write. */
export class DryRun extends Error {
  override readonly name = 'DryRun'
  readonly collection: string
  /** The definition to write; undefined for a deletion */
  readonly definition: unknown

  constructor(collection: string, definition: unknown) {
    super('nothing was changed: this was a dry run')
    this.collection = collection
    this.definition = definition
  }
}

/** @throws ScimError if the value is neither `true` nor `false` */
export function isDryRun(query: URLSearchParams): boolean {
  const asked = query.get('dryRun')
  if (asked === null || asked === 'false') return false
  if (asked === 'true') return true
  throw new ScimError(400, 'dryRun must be true or false.', 'invalidValue')
}

/** The same parts, but the first write throws `DryRun`. */
export function withoutWrites(parts: ProviderParts): ProviderParts {
  const directory: Directory = {
    ...parts.directory,
    put: ({ collection, body }) => Promise.reject(new DryRun(collection, body)),
    remove: ({ collection }) => Promise.reject(new DryRun(collection, undefined)),
    // The first is the change itself; others of the same transaction follow from it.
    async changeAll([step]) {
      if (step === undefined) throw new TypeError('a transaction without a change')
      throw new DryRun(step.collection, 'body' in step ? step.body : undefined)
    },
  }
  return { ...parts, directory }
}

/** Like the actual response, but without version and location. */
export function renderDryRun(
  { collection, definition }: DryRun,
  method: string,
  request: ScimRequest,
): Response {
  const headers = { 'crosswalk-dry-run': 'true' }
  if (method === 'DELETE')
    return new Response(null, { status: 204, headers: { ...headers, 'cache-control': 'no-store' } })
  const item = { owner: 'database', revision: 0 } as const
  const resource =
    collection === 'users'
      ? renderUser({ ...item, definition: definition as UserRecord }, [], request)
      : renderGroup({ ...item, definition: definition as GroupDefinition }, request)
  return renderScim(method === 'POST' ? 201 : 200, resource, headers)
}
