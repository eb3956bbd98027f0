// A resource type of the SCIM server as a value, and the requests for its resources, derived from it: each change finds
// the resource and checks its version, and the response shows the resource as it is then.
import type { DefinitionOf, Item } from '../definitions/records.ts'
import { readChoice } from './scim-choice.ts'
import { addDates, findForChange, findOwn, type ScimRequest, versionOf } from './scim-context.ts'
import { renderScim } from './scim-error.ts'
import { listScim, type ScimSource } from './scim-list.ts'
import type { Dated } from './scim-resources.ts'

type Members = Readonly<Record<string, unknown>>

interface Listed<T> extends Pick<ScimSource<T>, 'listIds'> {
  /** @returns the existing ones, in the order of `ids` */
  findItems(ids: readonly string[]): Promise<readonly Item<T>[]>
}

/** Each method throws `ScimError`. */
export interface ScimType<C extends 'users' | 'groups'> {
  readonly collection: C
  list(request: ScimRequest): Listed<DefinitionOf<C>>
  render(request: ScimRequest, item: Dated<DefinitionOf<C>>): Promise<Members>
  /** @returns the id of the new resource */
  add(request: ScimRequest, body: Members): Promise<string>
  replace(request: ScimRequest, item: Item<DefinitionOf<C>>, body: Members): Promise<void>
  patch(request: ScimRequest, item: Dated<DefinitionOf<C>>, body: Members): Promise<void>
  remove(request: ScimRequest, item: Item<DefinitionOf<C>>): Promise<void>
}

export interface ScimHandlers {
  list(request: ScimRequest): Promise<Response>
  create(request: ScimRequest, body: Members): Promise<Response>
  read(request: ScimRequest, id: string): Promise<Response>
  replace(request: ScimRequest, id: string, body: Members): Promise<Response>
  patch(request: ScimRequest, id: string, body: Members): Promise<Response>
  remove(request: ScimRequest, id: string): Promise<Response>
}

export function createScimHandlers<C extends 'users' | 'groups'>(type: ScimType<C>): ScimHandlers {
  const { collection } = type
  const answer = async (request: ScimRequest, id: string, status: 200 | 201): Promise<Response> => {
    const resource = await type.render(request, await findOwn(request, collection, id))
    const meta = resource['meta'] as Members & { readonly location: string }
    const version = await versionOf(request, collection, id)
    const shown = readChoice(request.query)({ ...resource, meta: { ...meta, version } })
    return renderScim(status, shown, { etag: version, location: meta.location })
  }
  return {
    list: (request) => listScim(request, describeSource(type, request)),
    read: (request, id) => answer(request, id, 200),
    create: async (request, body) => answer(request, await type.add(request, body), 201),
    async replace(request, id, body) {
      await type.replace(request, await findForChange(request, collection, id), body)
      return answer(request, id, 200)
    },
    async patch(request, id, body) {
      await type.patch(request, await findForChange(request, collection, id), body)
      return answer(request, id, 200)
    },
    async remove(request, id) {
      await type.remove(request, await findForChange(request, collection, id))
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
    },
  }
}

export function describeSource<C extends 'users' | 'groups'>(
  type: ScimType<C>,
  request: ScimRequest,
): ScimSource<Dated<DefinitionOf<C>>> {
  const { listIds, findItems } = type.list(request)
  return {
    listIds,
    find: async (ids) => addDates(request, type.collection, await findItems(ids)),
    idOf: ({ definition }) => definition.id,
    render: (item) => type.render(request, item),
    version: ({ definition: { id } }) => versionOf(request, type.collection, id),
  }
}
