// Users of a directory over SCIM: create, read, list, replace, patch, delete. A user who is deactivated loses sessions and
// live tokens before the answer, as after the same change by an administrator.
import { newId } from '@crosswalk/as-core'

import type { Item, UserRecord } from '../definitions/records.ts'
import { applyPatch, changeObject, createObject, deleteObject } from '../definitions/objects/write-objects.ts'
import { isProblem } from '../http/problem.ts'
import {
  buildContext,
  checkVersion,
  findOwn,
  listOwn,
  orThrow,
  type ScimRequest,
  versionOf,
} from './scim-context.ts'
import { fromProblem, renderScim, ScimError } from './scim-error.ts'
import { listScim } from './scim-list.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import { parseUser, readUser, renderUser } from './scim-resources.ts'
import SCIMMY from 'scimmy'

type Members = Readonly<Record<string, unknown>>

export function listUsers(request: ScimRequest): Promise<Response> {
  const { world } = request.parts.directory.current()
  return listScim(request, {
    items: listOwn(world.users, request),
    render: (item) => renderUser(item, listGroupsOf(request, item.definition.id), request),
    version: ({ definition: { id } }) => versionOf(request, 'users', id),
  })
}

export function readScimUser(request: ScimRequest, id: string): Response {
  return answer(request, findOwn(request, 'users', id), 200)
}

export async function createUser(request: ScimRequest, body: Members): Promise<Response> {
  const { parts, directory } = request
  const { attributes, ...said } = readUser(parseUser(body), directory)
  refuseTaken(request, said, undefined)
  const { externalId, email, name, ...rest } = said
  const input = {
    ...rest,
    id: newId('usr'),
    directory: directory.id,
    ...omitNull({ externalId, email, name }),
    attributes: omitNull(attributes),
    groups: [],
  }
  const context = buildContext(request)
  orThrow(await createObject({ parts, context, collection: 'users' }, input as never))
  return answer(request, findOwn(request, 'users', input.id), 201)
}

export async function replaceUser(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = findOwn(request, 'users', id)
  checkVersion(request, 'users', id)
  return change(request, item, parseUser(body))
}

export async function patchUser(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = findOwn(request, 'users', id)
  checkVersion(request, 'users', id)
  const operations = readOperations(body)
  const current = renderUser(item, [], request)
  const resource = new SCIMMY.Schemas.User(current as never, 'out')
  return change(request, item, await applyScimPatch(operations, resource, current))
}

async function change(request: ScimRequest, item: Item<UserRecord>, resource: Members): Promise<Response> {
  const { parts, directory } = request
  const { definition } = item
  const said = readUser(resource, directory)
  refuseTaken(request, said, definition.id)
  const stops = definition.active && !said.active
  const context = buildContext(request, { stops })
  const target = { parts, context, collection: 'users' } as const
  orThrow(await changeObject(target, definition.id, applyPatch('users', said)))
  return answer(request, findOwn(request, 'users', definition.id), 200)
}

/** Deactivated first, so that nothing is left of the user's access where the deletion is refused. */
export async function deleteUser(request: ScimRequest, id: string): Promise<Response> {
  const { parts } = request
  const { definition } = findOwn(request, 'users', id)
  checkVersion(request, 'users', id)
  const context = buildContext(request, { stops: true })
  const target = { parts, context, collection: 'users' } as const
  if (definition.active) orThrow(await changeObject(target, id, applyPatch('users', { active: false })))
  for (const { definition: group } of listOwn(parts.directory.current().world.groups, request)) {
    if (!group.members.includes(id)) continue
    const members = group.members.filter((member) => member !== id)
    orThrow(
      await changeObject(
        { parts, context, collection: 'groups' },
        group.id,
        applyPatch('groups', { members }),
      ),
    )
  }
  const deleted = await deleteObject(target, id)
  if (isProblem(deleted)) throw fromProblem(deleted)
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}

/** @throws ScimError where the user name or address is another user's, from whatever source */
function refuseTaken(
  { parts }: ScimRequest,
  { username, email }: { readonly username: string; readonly email: string | null },
  own: string | undefined,
): void {
  const same = (one: string | null | undefined, other: string | null) =>
    other !== null && one?.toLowerCase() === other.toLowerCase()
  for (const { definition } of parts.directory.current().world.users.values()) {
    if (definition.id === own) continue
    if (same(definition.username, username) || same(definition.email, email))
      throw new ScimError(409, 'The userName or e-mail address is taken.', 'uniqueness')
  }
}

function answer(request: ScimRequest, item: Item<UserRecord>, status: number): Response {
  const { id } = item.definition
  const version = versionOf(request, 'users', id)
  if (status === 200 && request.headers.get('if-none-match') === version)
    return new Response(null, { status: 304, headers: { etag: version } })
  const resource = renderUser(item, listGroupsOf(request, id), request)
  const meta = resource['meta'] as Members & { readonly location: string }
  const headers = { etag: version, location: meta.location }
  return renderScim(status, { ...resource, meta: { ...meta, version } }, headers)
}

/** Only groups of the directory: it does not see the other groups of its users. */
function listGroupsOf(
  { parts, directory }: ScimRequest,
  id: string,
): readonly { readonly id: string; readonly name: string }[] {
  const { people, world } = parts.directory.current()
  return (people.get(id)?.groups ?? []).flatMap((groupId) => {
    const group = world.groups.get(groupId)?.definition
    return group?.directory === directory.id ? [{ id: groupId, name: group.name ?? groupId }] : []
  })
}

function omitNull(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}
