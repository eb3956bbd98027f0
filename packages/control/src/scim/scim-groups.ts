// Groups of a directory over SCIM. A group here has the display name it was created with as its id, by which assignments
// and policies name it; a later display name changes what is shown, never what it reaches.
import type { GroupDefinition } from '@crosswalk/protocol'
import SCIMMY from 'scimmy'

import type { Item } from '../definitions/records.ts'
import { applyPatch, changeObject, createObject, deleteObject } from '../definitions/objects/write-objects.ts'
import {
  buildContext,
  checkVersion,
  findOwn,
  listOwn,
  orThrow,
  type ScimRequest,
  versionOf,
} from './scim-context.ts'
import { renderScim, ScimError } from './scim-error.ts'
import { listScim } from './scim-list.ts'
import { patchMembers, takeMembers } from './scim-members.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import { parseGroup, renderGroup } from './scim-resources.ts'

type Members = Readonly<Record<string, unknown>>

export function listGroups(request: ScimRequest): Promise<Response> {
  const { world } = request.parts.directory.current()
  return listScim(request, {
    items: listOwn(world.groups, request),
    render: (item) => renderGroup(item, request),
    version: ({ definition: { id } }) => versionOf(request, 'groups', id),
  })
}

export function readScimGroup(request: ScimRequest, id: string): Response {
  return answer(request, findOwn(request, 'groups', id), 200)
}

export async function createGroup(request: ScimRequest, body: Members): Promise<Response> {
  const { parts, directory } = request
  const { ids, rest } = takeMembers(body)
  const { name, externalId, members } = readGroup(request, parseGroup(rest), ids)
  const id = directory.groupPrefix + name
  if (parts.directory.current().world.groups.has(id))
    throw new ScimError(409, `The group ${id} is there already.`, 'uniqueness')
  const input = { id, name, members, directory: directory.id, ...(externalId === null ? {} : { externalId }) }
  const context = buildContext(request)
  orThrow(await createObject({ parts, context, collection: 'groups' }, input as never))
  return answer(request, findOwn(request, 'groups', id), 201)
}

export async function replaceGroup(request: ScimRequest, id: string, body: Members): Promise<Response> {
  findOwn(request, 'groups', id)
  checkVersion(request, 'groups', id)
  const { ids, rest } = takeMembers(body)
  return change(request, id, parseGroup(rest), ids)
}

export async function patchGroup(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = findOwn(request, 'groups', id)
  checkVersion(request, 'groups', id)
  const { ids, others } = patchMembers(item.definition.members, readOperations(body))
  const { members: _, ...current } = renderGroup(item, request)
  const resource = new SCIMMY.Schemas.Group(current as never, 'out')
  const patched = others.length === 0 ? current : await applyScimPatch(others, resource, current)
  return change(request, id, patched, ids)
}

async function change(
  request: ScimRequest,
  id: string,
  resource: Members,
  ids: readonly string[],
): Promise<Response> {
  const { parts } = request
  const said = readGroup(request, resource, ids)
  const context = buildContext(request)
  orThrow(await changeObject({ parts, context, collection: 'groups' }, id, applyPatch('groups', said)))
  return answer(request, findOwn(request, 'groups', id), 200)
}

export async function deleteGroup(request: ScimRequest, id: string): Promise<Response> {
  const { parts } = request
  findOwn(request, 'groups', id)
  checkVersion(request, 'groups', id)
  const context = buildContext(request, { stops: true })
  const target = { parts, context, collection: 'groups' } as const
  // Emptied first, so that no one keeps what the group gave where the deletion is refused.
  orThrow(await changeObject(target, id, applyPatch('groups', { members: [] })))
  orThrow(await deleteObject(target, id))
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}

/** Members are users of the same directory; groups in groups are not taken. */
function readGroup(request: ScimRequest, resource: Members, ids: readonly string[]) {
  const name = resource['displayName']
  if (typeof name !== 'string' || name === '' || name.length > 200)
    throw new ScimError(400, 'displayName is needed, of at most 200 characters.', 'invalidValue')
  const externalId = typeof resource['externalId'] === 'string' ? resource['externalId'].slice(0, 256) : null
  const members = [...new Set(ids)]
  const { users } = request.parts.directory.current().world
  const stranger = members.find((id) => users.get(id)?.definition.directory !== request.directory.id)
  if (stranger !== undefined)
    throw new ScimError(400, `There is no User ${stranger.slice(0, 128)} in this directory.`, 'invalidValue')
  return { name, externalId, members }
}

function answer(request: ScimRequest, item: Item<GroupDefinition>, status: number): Response {
  const version = versionOf(request, 'groups', item.definition.id)
  if (status === 200 && request.headers.get('if-none-match') === version)
    return new Response(null, { status: 304, headers: { etag: version } })
  const resource = renderGroup(item, request)
  const meta = resource['meta'] as Members & { readonly location: string }
  const { members: _, ...short } = resource
  const shown =
    request.query.get('excludedAttributes')?.split(',').includes('members') === true ? short : resource
  return renderScim(
    status,
    { ...shown, meta: { ...meta, version } },
    { etag: version, location: meta.location },
  )
}
