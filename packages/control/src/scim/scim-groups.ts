// Groups of a directory over SCIM. `provision-groups.ts` applies them.
import { type GroupDefinition, isDisplayName } from '@crosswalk/protocol'
import SCIMMY from 'scimmy'

import type { Item } from '../definitions/records.ts'
import { addGroup, removeGroup, updateGroup } from './provision-groups.ts'
import { answerResource, renderDeleted } from './scim-answer.ts'
import { addDates, findForChange, findOwn, listOwn, type ScimRequest, versionOf } from './scim-context.ts'
import { ScimError } from './scim-error.ts'
import { type ScimSource, listScim } from './scim-list.ts'
import { patchMembers, takeMembers } from './scim-members.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import { type Dated, parseGroup, readText, renderGroup } from './scim-resources.ts'

type Members = Readonly<Record<string, unknown>>

export function listGroups(request: ScimRequest): Promise<Response> {
  return listScim(request, describeGroups(request))
}

export function describeGroups(request: ScimRequest): ScimSource<Dated<GroupDefinition>> {
  const { groups } = request.parts.directory.current().world
  const own = new Map(listOwn(groups, request).map((item) => [item.definition.id, item]))
  return {
    listIds: async () => [...own.keys()],
    find: async (ids) =>
      addDates(
        request,
        'groups',
        ids.flatMap((id) => own.get(id) ?? []),
      ),
    idOf: ({ definition }) => definition.id,
    render: async (item) => renderGroup(item, request),
    version: ({ definition: { id } }) => versionOf(request, 'groups', id),
  }
}

export async function readScimGroup(request: ScimRequest, id: string): Promise<Response> {
  return answer(request, await findOwn(request, 'groups', id), 200)
}

export async function createGroup(request: ScimRequest, body: Members): Promise<Response> {
  const { ids, rest } = takeMembers(body)
  const id = await addGroup(request, await readGroup(request, parseGroup(rest), { ids, known: [] }))
  return answer(request, await findOwn(request, 'groups', id), 201)
}

export async function replaceGroup(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = await findForChange(request, 'groups', id)
  const { ids, rest } = takeMembers(body)
  return change(request, item, parseGroup(rest), ids)
}

export async function patchGroup(request: ScimRequest, id: string, body: Members): Promise<Response> {
  const item = await findForChange(request, 'groups', id)
  const { ids, others } = patchMembers(item.definition.members, readOperations(body))
  const { members: _, ...current } = renderGroup(item, request)
  const resource = new SCIMMY.Schemas.Group(current as never, 'out')
  const patched = others.length === 0 ? current : await applyScimPatch(others, resource, current)
  return change(request, item, patched, ids)
}

async function change(
  request: ScimRequest,
  { definition: { id, members } }: Item<GroupDefinition>,
  resource: Members,
  ids: readonly string[],
): Promise<Response> {
  await updateGroup(request, id, await readGroup(request, resource, { ids, known: members }))
  return answer(request, await findOwn(request, 'groups', id), 200)
}

export async function deleteGroup(request: ScimRequest, id: string): Promise<Response> {
  await findForChange(request, 'groups', id)
  await removeGroup(request, id)
  return renderDeleted()
}

/** Members are users of the same directory; nested groups are not accepted. */
async function readGroup(
  request: ScimRequest,
  resource: Members,
  { ids, known }: { readonly ids: readonly string[]; readonly known: readonly string[] },
) {
  const name = resource['displayName']
  if (!isDisplayName(name, 200))
    throw new ScimError(400, 'displayName is required: at most 200 characters in one line.', 'invalidValue')
  const externalId = readText(resource['externalId'], 256) ?? null
  const members = [...new Set(ids)]
  const before = new Set(known)
  const added = members.filter((id) => !before.has(id))
  const users = await request.parts.directory.current().users.items.find(added)
  const unknown = added.find((id) => users.get(id)?.definition.directory !== request.directory.id)
  if (unknown !== undefined)
    throw new ScimError(400, `There is no User ${unknown.slice(0, 128)} in this directory.`, 'invalidValue')
  return { name, externalId, members }
}

async function answer(
  request: ScimRequest,
  item: Dated<GroupDefinition>,
  status: 200 | 201,
): Promise<Response> {
  const version = await versionOf(request, 'groups', item.definition.id)
  return answerResource(request, { status, version, render: () => renderGroup(item, request) })
}
