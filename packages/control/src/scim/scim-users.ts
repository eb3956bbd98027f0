// Users of a directory over SCIM. `provision-users.ts` applies them.
import { newId } from '@crosswalk/as-core'
import SCIMMY from 'scimmy'

import type { Item, UserRecord } from '../definitions/records.ts'
import { directoryKey, externalIdKey, nameKey } from '../definitions/users/user-keys.ts'
import { addUser, removeUser, updateUser } from './provision-users.ts'
import type { ScimRequest } from './scim-context.ts'
import type { RequiredValue } from './scim-filter.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import { parseUser, readUser, renderUser } from './scim-resources.ts'
import type { ScimType } from './scim-type.ts'

type Members = Readonly<Record<string, unknown>>

export const SCIM_USERS: ScimType<'users'> = {
  collection: 'users',
  list({ parts, directory }) {
    const { items } = parts.directory.current().users
    const own = directoryKey(directory.id)
    return {
      async listIds(wanted) {
        const key = wanted === undefined ? own : keyOf(wanted, directory.id)
        return items.findIds(key ?? own)
      },
      async findItems(ids) {
        const found = await items.find(ids)
        return ids.flatMap((id) => {
          const item = found.get(id)
          return item?.definition.directory === directory.id ? [item] : []
        })
      },
    }
  },
  render: async (request, item) => renderUser(item, await listGroupsOf(request, item.definition.id), request),
  async add(request, body) {
    const id = newId('usr')
    await addUser(request, id, readUser(parseUser(body), request.directory, true))
    return id
  },
  replace: (request, item, body) => change(request, item, parseUser(body)),
  async patch(request, item, body) {
    const operations = readOperations(body)
    const current = renderUser(item, [], request)
    const resource = new SCIMMY.Schemas.User(current as never, 'out')
    await change(request, item, await applyScimPatch(operations, resource, current))
  },
  remove: removeUser,
}

/** @returns the key of the users that can have this value, undefined if there is no key for it */
function keyOf({ attribute, value }: RequiredValue, directory: string): string | undefined {
  switch (attribute) {
    case 'username':
    case 'emails.value':
      return nameKey(value)
    case 'externalid':
      return externalIdKey(directory, value)
    default:
      return undefined
  }
}

async function change(request: ScimRequest, item: Item<UserRecord>, resource: Members): Promise<void> {
  await updateUser(request, item, readUser(resource, request.directory, item.definition.active))
}

/** Only groups of the directory: it does not see the other groups of its users. */
async function listGroupsOf(
  { parts, directory }: ScimRequest,
  id: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { users, world } = parts.directory.current()
  return ((await users.findById(id))?.groups ?? []).flatMap((groupId) => {
    const group = world.groups.get(groupId)?.definition
    return group?.directory === directory.id ? [{ id: groupId, name: group.name ?? groupId }] : []
  })
}
