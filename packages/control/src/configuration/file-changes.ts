// Changes of the configuration file take effect at a start, without a request that could record them. So each start compares
// the objects of the file with those of the start before: every difference gets the audit event and the security events of
// the same change over the admin API, and ends what depended on it. Secrets are not stored, so a change of nothing but a
// secret is not noticed. See `revoke-outdated.ts` for the tokens of users.
import { isDeepStrictEqual } from 'node:util'

import { type Collection, COLLECTION_NAMES } from '@crosswalk/admin-api'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { NextDefinitions } from '../definitions/preview-world.ts'
import type { DefinitionOf, Item, UserRecord } from '../definitions/records.ts'
import {
  FILE_OBJECTS,
  type FileMembers,
  nameFileObject,
  readFileObjects,
  STORED_FILES,
  toFileMembers,
} from '../definitions/stored-file.ts'
import { iterateObjects } from '../definitions/stored-items.ts'
import { authorOf, systemContext } from '../http/context.ts'
import { describeChanges } from '../objects/describe-change.ts'
import { describeAllEnds } from '../objects/describe-ends.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import { endAccess } from '../respond/end-access.ts'
import { createSignals } from '../security-events/signals.ts'
import type { VaultPart } from '../vault/vault.ts'

type FileChangeParts = Parts<'configuration' | 'directory' | 'storage' | 'sealing' | 'clock'> &
  RevokerPart &
  VaultPart

/** Without secrets, which the consequences of a change do not read */
type Definition = DefinitionOf<Collection>

interface FileChange {
  readonly collection: Collection
  readonly id: string
  readonly before: Definition | undefined
  readonly after: Definition | undefined
  /** As stored from now on */
  readonly members: FileMembers | undefined
  /** Of the stored object; 0 if it is new */
  readonly revision: number
}

const CONTEXT = systemContext('The configuration file was changed.')

/** At the first start, stores the objects of the file and records nothing. Does nothing if the file is the same. */
export async function recordFileChanges(parts: FileChangeParts): Promise<void> {
  // Several nodes may start with the same new file; the turn of PostgreSQL, or the conflict, leaves one of them to record it.
  for (let recorded = false; !recorded;)
    recorded = await parts.storage.takeTurn(async () => {
      await parts.directory.catchUp()
      return record(parts)
    })
}

/** @returns false if another process recorded changes meanwhile */
async function record(parts: FileChangeParts): Promise<boolean> {
  const { configuration, directory, storage, clock } = parts
  const { baseUrl } = configuration
  const [changes, known] = [await findChanges(parts), await storage.objects.find(STORED_FILES, baseUrl)]
  if (known !== undefined && changes.length === 0) return true
  const at = clock.nowMs()
  const author = { at, ...authorOf(known === undefined ? { ...CONTEXT, reason: undefined } : CONTEXT) }
  const marker = {
    ...author,
    collection: STORED_FILES,
    id: baseUrl,
    ifRevision: known?.revision ?? 0,
    body: {},
  }
  if (known === undefined) {
    const steps = changes.map((change) => ({ ...author, ...describeStored(baseUrl, change) }))
    return (await directory.changeAll([...steps, marker])).ok
  }
  // Before they are recorded: a process that ends in between repeats both.
  for (const change of changes) await endAccess(parts, CONTEXT, change)
  const previous = await directory.preview(describePrevious(changes, directory.current()))
  const issuer = configuration.idp?.issuer
  const signals = createSignals({ ...parts, issuer, directory: { current: () => previous } })
  const described = await describeChanges(
    { parts: { signals }, context: CONTEXT },
    changes.map((change) => ({ ...describeDifference(change), at, overridden: [] })),
  )
  const steps = changes.map((change, index) => ({
    ...described[index],
    ...author,
    ...describeStored(baseUrl, change),
  }))
  const ends = await describeAllEnds({ parts, context: CONTEXT }, changes)
  return (await directory.changeAll([...steps, ...ends, marker])).ok
}

function describeStored(baseUrl: string, { collection, id, members, revision }: FileChange) {
  const name = nameFileObject(baseUrl, collection, id)
  const stored = { collection: FILE_OBJECTS, id: name, ifRevision: revision }
  return members === undefined ? stored : { ...stored, body: members }
}

function describeDifference({ collection, id, before, after, revision }: FileChange) {
  return {
    collection,
    verb: before === undefined ? 'created' : after === undefined ? 'deleted' : 'changed',
    id,
    item: before && { definition: before, revision },
    prepared: after && { definition: after, secretChanged: false },
  } as const
}

async function findChanges({
  configuration: { baseUrl },
  directory,
  storage,
}: FileChangeParts): Promise<readonly FileChange[]> {
  const stored = await readFileObjects((name) => iterateObjects(storage.objects, name), baseUrl)
  const changes: FileChange[] = []
  for (const collection of COLLECTION_NAMES) {
    const own = stored.filter((object) => object.collection === collection)
    const gone = new Map(own.map((object) => [object.id, object]))
    for (const after of await listOfFile(collection, directory.current())) {
      const { id } = after
      const { members: before, definition, revision = 0 } = gone.get(id) ?? {}
      const members = toFileMembers(collection, after)
      gone.delete(id)
      if (!isDeepStrictEqual(before, members))
        changes.push({ collection, id, before: definition, after, members, revision })
    }
    for (const { id, definition, revision } of gone.values())
      changes.push({ collection, id, before: definition, after: undefined, members: undefined, revision })
  }
  return changes
}

async function listOfFile(
  collection: Collection,
  { world, users }: CompiledWorld,
): Promise<readonly Definition[]> {
  const { items } = users
  const all = collection === 'users' ? await items.find([...items.ofFile]) : world[collection]
  return [...(all as ReadonlyMap<string, Item<Definition>>).values()].flatMap(({ definition, owner }) =>
    owner === 'file' ? [definition] : [],
  )
}

/** Who a change concerned follows from the definitions before all of them. */
function describePrevious(changes: readonly FileChange[], { world }: CompiledWorld): NextDefinitions {
  const restore = <C extends 'groups' | 'apps' | 'resource-apps' | 'connections'>(collection: C) => {
    const items = new Map<string, Item<Definition>>(world[collection])
    for (const { id, before } of changes.filter((change) => change.collection === collection))
      if (before === undefined) items.delete(id)
      else items.set(id, { definition: before, owner: 'file', revision: 0 })
    return { [collection]: items }
  }
  const changedUsers = changes
    .filter(({ collection }) => collection === 'users')
    .map(({ id, before }) => {
      const definition = before as UserRecord | undefined
      return [id, definition && { definition, owner: 'file' as const, revision: 0 }] as const
    })
  return {
    ...Object.assign({}, ...(['groups', 'apps', 'resource-apps', 'connections'] as const).map(restore)),
    changedUsers: new Map(changedUsers),
  }
}
