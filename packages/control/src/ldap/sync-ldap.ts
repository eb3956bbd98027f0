// One run: reads the directory and makes the changes that an administrator would make. Access is removed before any is
// granted. A denied change is reported, and the others are made. What another node has changed since this run began to
// read stays: that node may have read the directory later.
import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import type { Item } from '../definitions/records.ts'
import { directoryKey } from '../definitions/users/user-keys.ts'
import { addGroup, removeGroup, updateGroup } from '../scim/provision-groups.ts'
import { addUser, deactivateUser, updateUser } from '../scim/provision-users.ts'
import { listOwn, type Provider, type ProviderParts } from '../scim/scim-context.ts'
import { ScimError } from '../scim/scim-error.ts'
import { mapEntries } from './map-entries.ts'
import { planSync, type SyncPlan } from './plan-sync.ts'
import type { LdapContent } from './read-ldap.ts'

export interface SyncResult {
  readonly changed: number
  /** Why no change was made at all */
  readonly refused?: string
  /** A sentence for each skipped entry or change */
  readonly problems: readonly string[]
}

export async function syncLdap(
  parts: ProviderParts,
  directory: DirectoryDefinition & { readonly ldap: LdapDefinition },
  read: (ldap: LdapDefinition) => Promise<LdapContent>,
): Promise<SyncResult> {
  const begunAt = await parts.storage.objects.revision()
  const mapped = await mapEntries(directory, directory.ldap, await read(directory.ldap))
  await parts.directory.catchUp()
  const { world, users } = parts.directory.current()
  const own = await users.items.find(await users.items.findIds(directoryKey(directory.id)))
  const known = {
    users: listOwn(own, { directory }),
    groups: listOwn(world.groups, { directory }),
  }
  const { groupPrefix, ldap } = directory
  const { maxVanishedPercent, groups } = ldap
  const readsGroups = groups !== undefined
  const plan = await planSync(known, mapped, { groupPrefix, maxVanishedPercent, readsGroups })
  if (typeof plan === 'string') return { changed: 0, refused: plan, problems: mapped.problems }
  const provider = { parts, directory, ip: undefined }
  const { changed, problems } = await apply(provider, plan, begunAt)
  return { changed, problems: [...mapped.problems, ...problems] }
}

/** @param begunAt - the revision of all definitions when the run began to read */
async function apply(provider: Provider, plan: SyncPlan, begunAt: number): Promise<SyncResult> {
  const problems: string[] = []
  let changed = 0
  async function make(
    what: string,
    change: () => Promise<unknown>,
    findItem: () => Promise<Item<unknown> | undefined> = async () => undefined,
  ): Promise<void> {
    try {
      await provider.parts.inTurn(async () => {
        if (((await findItem())?.revision ?? 0) > begunAt) return
        await change()
        changed += 1
      })
    } catch (error) {
      if (!(error instanceof ScimError)) throw error
      problems.push(`${what}: ${error.message}`)
    }
  }
  const now = () => provider.parts.directory.current()
  // This run may have deactivated an inactive user before. Only changes of other nodes matter.
  const findUser = (id: string, active: boolean) => async () =>
    active ? (await now().users.items.find([id])).get(id) : undefined
  const findGroup = (id: string) => async () => now().world.groups.get(id)
  const { stop, add, update, addGroups, updateGroups, removeGroups } = plan
  // Even if another node changed them: until the next run, ending access once too often is safer.
  for (const id of stop) await make(`user ${id}`, () => deactivateUser(provider, id))
  for (const { item, user } of update)
    await make(
      `user ${user.input.username}`,
      () => updateUser(provider, item, user.input),
      findUser(item.definition.id, user.input.active),
    )
  for (const { id, input } of add)
    await make(`user ${input.username}`, () => addUser(provider, id, input), findUser(id, input.active))
  const withKnown = async <G extends { readonly members: readonly string[] }>(input: G): Promise<G> => {
    const known = new Set(await now().users.items.filterIds(input.members))
    return { ...input, members: input.members.filter((id) => known.has(id)) }
  }
  for (const input of addGroups)
    await make(
      `group ${input.name}`,
      async () => addGroup(provider, await withKnown(input)),
      findGroup(provider.directory.groupPrefix + input.name),
    )
  for (const { id, input } of updateGroups)
    await make(`group ${id}`, async () => updateGroup(provider, id, await withKnown(input)), findGroup(id))
  for (const id of removeGroups) await make(`group ${id}`, () => removeGroup(provider, id), findGroup(id))
  return { changed, problems }
}
