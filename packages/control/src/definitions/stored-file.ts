// The objects of configuration files as they are stored at each start: without secrets, which no evaluation reads, and
// without defaults. Servers with other files may share a database; the nodes of one server have the same base URL.
import { type Collection, COLLECTION_NAMES, COLLECTIONS } from '@crosswalk/admin-api'
import type { ObjectStore } from '@crosswalk/storage'

import { showDefinition } from './collections/registry.ts'
import { fillDefaults, omitDefaults } from './defaults.ts'
import type { DefinitionOf, Item, Items } from './records.ts'
import { iterateObjectsAt, type ReadObjects } from './stored-items.ts'

/** Their collection */
export const FILE_OBJECTS = 'file-objects'
/** Its objects are base URLs: they tell a file that was empty from one that was never stored. */
export const STORED_FILES = 'stored-files'

export type FileMembers = Readonly<Record<string, unknown>>

export interface FileObject {
  readonly collection: Collection
  readonly id: string
  readonly members: FileMembers
  readonly definition: DefinitionOf<Collection>
  readonly revision: number
}

/** The id of a stored object of a file */
export function nameFileObject(baseUrl: string, collection: Collection, id: string): string {
  return `${baseUrl} ${collection}/${id}`
}

export function toFileMembers(collection: Collection, definition: DefinitionOf<Collection>): FileMembers {
  const members = omitDefaults(COLLECTIONS[collection].input, showDefinition(collection, definition))
  return JSON.parse(JSON.stringify(members)) as FileMembers
}

function completeMembers(collection: Collection, members: FileMembers): DefinitionOf<Collection> {
  return fillDefaults(COLLECTIONS[collection].input, members) as DefinitionOf<Collection>
}

export async function readFileObjects(read: ReadObjects, baseUrl: string): Promise<readonly FileObject[]> {
  const found: FileObject[] = []
  for await (const { id: name, body, revision } of read(FILE_OBJECTS)) {
    const collection = COLLECTION_NAMES.find((one) => name.startsWith(nameFileObject(baseUrl, one, '')))
    if (collection === undefined) continue
    const id = name.slice(nameFileObject(baseUrl, collection, '').length)
    const members = body as FileMembers
    found.push({ collection, id, members, definition: completeMembers(collection, members), revision })
  }
  return found
}

/** @returns what the file said of an object, newest first; without a definition once it did not define the object */
export async function readFileHistory(
  objects: Pick<ObjectStore, 'history'>,
  { baseUrl, collection, id }: { readonly baseUrl: string } & Pick<FileObject, 'collection' | 'id'>,
) {
  const revisions = await objects.history(FILE_OBJECTS, nameFileObject(baseUrl, collection, id))
  return revisions.map(({ body, ...revision }) => ({
    ...revision,
    definition: body === undefined ? undefined : completeMembers(collection, body as FileMembers),
  }))
}

/** @returns the objects of the file at a past revision; undefined if they were not stored then */
export async function readPastFile(
  objects: Pick<ObjectStore, 'pageAt'>,
  { baseUrl, revision }: { readonly baseUrl: string; readonly revision: number },
): Promise<Items | undefined> {
  const read: ReadObjects = (collection) => iterateObjectsAt(objects, collection, revision)
  let isStored = false
  for await (const { id } of read(STORED_FILES)) if (id === baseUrl) isStored = true
  if (!isStored) return undefined
  const items = Object.fromEntries(
    COLLECTION_NAMES.map((name) => [name, new Map<string, Item<DefinitionOf<Collection>>>()]),
  )
  for (const { collection, id, definition } of await readFileObjects(read, baseUrl))
    items[collection]?.set(id, { definition, owner: 'file', revision: 0 })
  return items as unknown as Items
}
