// Users of a directory over SCIM: create, read, list, replace, patch, delete. `provision-users.ts` applies them.
import { newId } from '@crosswalk/as-core'

import type { Item, UserRecord } from '../definitions/records.ts'
import { addUser, removeUser, updateUser } from './provision-users.ts'
import { directoryKey, externalIdKey, nameKey } from '../definitions/users/user-keys.ts'
import { answerResource, renderDeleted } from './scim-answer.ts'
import { addDates, findForChange, findOwn, type ScimRequest, versionOf } from './scim-context.ts'
import { type ScimSource, listScim } from './scim-list.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import type { RequiredValue } from './scim-filter.ts'
import { type Dated, parseUser, readUser, renderUser } from './scim-resources.ts'
import SCIMMY from 'scimmy'

type Members = Readonly<Record<string, unknown>>

export function listUsers(request: ScimRequest): Promise<Response> {
  return listScim(request, describeUsers(request))
}

export function describeUsers(request: ScimRequest): ScimSource<Dated<UserRecord>> {
  const { items } = request.parts.directory.current().users
  const own = directoryKey(request.directory.id)
  return {
    async listIds(wanted) {
      const key = wanted === undefined ? own : keyOf(wanted, request.directory.id)
      return items.findIds(key ?? own)
    },
    async find(ids) {
      const found = await items.find(ids)
      const all = ids.flatMap((id) => {
        const item = found.get(id)
        return item?.definition.directory === request.directory.id ? [item] : []
      })
      return addDates(request, 'users', all)
    },
    idOf: ({ definition }) => definition.id,
    render: async (item) => renderUser(item, await listGroupsOf(request, item.definition.id), request),
    version: ({ definition: { id } }) => versionOf(request, 'users', id),
  }
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

export async function readScimUser(request: ScimRequest, id: string): Promise<Response> {
  return answer(request, await findOwn(request, 'users', id), 200)
}

export async function createUser(request: ScimRequest, body: Members): Promise<Response> {
  const id = newId('usr')
  await addUser(request, id, readUser(parseUser(body), request.directory, true))
  return answer(request, await findOwn(request, 'users', id), 201)
}

export async function replaceUser(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = await findForChange(request, 'users', id)
  return change(request, item, parseUser(body))
}

export async function patchUser(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = await findForChange(request, 'users', id)
  const operations = readOperations(body)
  const current = renderUser(item, [], request)
  const resource = new SCIMMY.Schemas.User(current as never, 'out')
  return change(request, item, await applyScimPatch(operations, resource, current))
}

async function change(request: ScimRequest, item: Item<UserRecord>, resource: Members): Promise<Response> {
  await updateUser(request, item, readUser(resource, request.directory, item.definition.active))
  return answer(request, await findOwn(request, 'users', item.definition.id), 200)
}

export async function deleteUser(request: ScimRequest, id: string): Promise<Response> {
  const item = await findForChange(request, 'users', id)
  await removeUser(request, item)
  return renderDeleted()
}

async function answer(request: ScimRequest, item: Dated<UserRecord>, status: 200 | 201): Promise<Response> {
  const { id } = item.definition
  const render = async () => renderUser(item, await listGroupsOf(request, id), request)
  return answerResource(request, { status, version: await versionOf(request, 'users', id), render })
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
