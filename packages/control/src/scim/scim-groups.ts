// Groups of a directory over SCIM. `provision-groups.ts` applies them.
import { type GroupDefinition, isDisplayName } from '@crosswalk/protocol'
import SCIMMY from 'scimmy'

import type { Item } from '../definitions/records.ts'
import { addGroup, removeGroup, updateGroup } from './provision-groups.ts'
import { listOwn, type ScimRequest } from './scim-context.ts'
import { ScimError } from './scim-error.ts'
import { patchMembers, takeMembers } from './scim-members.ts'
import { applyScimPatch, readOperations } from './scim-patch.ts'
import { parseGroup, readText, renderGroup } from './scim-resources.ts'
import type { ScimType } from './scim-type.ts'

type Members = Readonly<Record<string, unknown>>

export const SCIM_GROUPS: ScimType<'groups'> = {
  collection: 'groups',
  list(request) {
    const { groups } = request.parts.directory.current().world
    const own = new Map(listOwn(groups, request).map((item) => [item.definition.id, item]))
    return {
      listIds: async () => [...own.keys()],
      findItems: async (ids) => ids.flatMap((id) => own.get(id) ?? []),
    }
  },
  render: async (request, item) => renderGroup(item, request),
  async add(request, body) {
    const { ids, rest } = takeMembers(body)
    return addGroup(request, await readGroup(request, parseGroup(rest), { ids, known: [] }))
  },
  async replace(request, item, body) {
    const { ids, rest } = takeMembers(body)
    await change(request, item, parseGroup(rest), ids)
  },
  async patch(request, item, body) {
    const { ids, others } = patchMembers(item.definition.members, readOperations(body))
    const { members: _, ...current } = renderGroup(item, request)
    const resource = new SCIMMY.Schemas.Group(current as never, 'out')
    const patched = others.length === 0 ? current : await applyScimPatch(others, resource, current)
    await change(request, item, patched, ids)
  },
  remove: (request, { definition: { id } }) => removeGroup(request, id),
}

async function change(
  request: ScimRequest,
  { definition: { id, members } }: Item<GroupDefinition>,
  resource: Members,
  ids: readonly string[],
): Promise<void> {
  await updateGroup(request, id, await readGroup(request, resource, { ids, known: members }))
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
