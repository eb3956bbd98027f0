// The handlers of every object collection, built from one set of verbs.
import { type Collection, COLLECTION_NAMES, type ObjectQuery, type objectRoutes } from '@crosswalk/admin-api'

import type { AdminContext, Handlers } from '../http/context.ts'
import { listObjects, readHistory, readObject } from '../views/read-objects.ts'
import { applyPatch, changeObject, createObject, deleteObject, restoreObject } from './write-objects.ts'
import type { WriteParts } from './target.ts'
import type { Parts } from '../parts.ts'

type ObjectHandlers = Pick<Handlers, keyof typeof objectRoutes>

interface ObjectRequest {
  readonly params: { readonly id: string }
  readonly query: ObjectQuery
  readonly body: Readonly<Record<string, unknown>>
}

export function createObjectHandlers(parts: WriteParts & Parts<'inTurn'>): ObjectHandlers {
  return Object.assign(
    {},
    ...COLLECTION_NAMES.map((collection) => handleCollection(parts, collection)),
  ) as ObjectHandlers
}

function handleCollection(
  parts: WriteParts & Parts<'inTurn'>,
  collection: Collection,
): Readonly<Record<string, unknown>> {
  const target = (context: AdminContext) => ({ parts, context, collection })
  type Handle = (request: ObjectRequest, context: AdminContext) => Promise<unknown>
  const verbs: Readonly<Record<string, Handle>> = {
    list: ({ query }, context) => listObjects(parts, collection, query, context),
    read: ({ params }, context) => readObject(parts, collection, params.id, context),
    create: ({ body }, context) => parts.inTurn(() => createObject(target(context), body as never)),
    change: ({ params, body }, context) =>
      parts.inTurn(() => changeObject(target(context), params.id, applyPatch(collection, body))),
    replace: ({ params, body }, context) =>
      parts.inTurn(() => changeObject(target(context), params.id, () => body as never)),
    delete: ({ params }, context) => parts.inTurn(() => deleteObject(target(context), params.id)),
    history: ({ params }, context) => readHistory(parts, collection, params.id, context),
    restore: ({ params, body }, context) =>
      parts.inTurn(() => restoreObject(target(context), params.id, Number(body.revision))),
  }
  return Object.fromEntries(Object.entries(verbs).map(([verb, handle]) => [`${collection}.${verb}`, handle]))
}
