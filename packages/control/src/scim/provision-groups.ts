// Turns what a directory provisions about a group into a change, whether by SCIM or LDAP. The id of a group is the name
// it was created with, and assignments and policies use it; a later name changes only what is shown.
import { createObject, deleteObject } from '../objects/write-objects.ts'
import { buildContext, changeProvisioned, orThrow, type Provider, readInput } from './scim-context.ts'
import { ScimError } from './scim-error.ts'

export interface ProvisionedGroup {
  readonly name: string
  readonly externalId: string | null
  /** Ids of users of the same directory */
  readonly members: readonly string[]
}

/** @returns the id of the group. @throws ScimError */
export async function addGroup(provider: Provider, provisioned: ProvisionedGroup): Promise<string> {
  const { parts, directory } = provider
  const { name, externalId, members } = provisioned
  const id = directory.groupPrefix + name
  if (parts.directory.current().world.groups.has(id))
    throw new ScimError(409, `The group ${id} already exists.`, 'uniqueness')
  const group = { id, name, members, directory: directory.id, ...(externalId === null ? {} : { externalId }) }
  const input = readInput('groups', group)
  const context = buildContext(provider)
  orThrow(await createObject({ parts, context, collection: 'groups' }, input))
  return id
}

/** @throws ScimError */
export function updateGroup(provider: Provider, id: string, provisioned: ProvisionedGroup): Promise<void> {
  return changeProvisioned(provider, 'groups', id, { ...provisioned })
}

/** Empties the group first, so that no user keeps its access if the deletion is refused. @throws ScimError */
export async function removeGroup(provider: Provider, id: string): Promise<void> {
  const { parts } = provider
  await changeProvisioned(provider, 'groups', id, { members: [] })
  const target = { parts, context: buildContext(provider), collection: 'groups' } as const
  // The group may have been referenced since.
  orThrow(await parts.directory.judgeAndWrite(() => deleteObject(target, id)))
}
