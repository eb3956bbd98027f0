// Signing keys for administrators: public facts, and rotation. No private key is handled here.
import type { KeyView, keyRoutes } from '@crosswalk/admin-api'
import { type LoggedEvent, nameKeyProvider, type SigningKeys, type StoredKey } from '@crosswalk/as-core'

import { buildAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { notFound } from '../http/problem.ts'

export function createKeyHandlers(
  parts: Parts<'directory' | 'storage' | 'clock' | 'signingKeys'>,
): Pick<Handlers, keyof typeof keyRoutes> {
  return {
    async 'keys.list'({ query }) {
      const keys = new Map(
        parts
          .signingKeys()
          .flatMap((held) => held.list())
          .map((key) => [`${key.owner} ${key.purpose} ${key.createdAt} ${key.kid}`, key]),
      )
      return listPage([...keys.keys()].sort(), query, (place) => {
        const key = keys.get(place)
        return key && renderKey(key)
      })
    },
    async 'keys.rotate'({ params: { owner, purpose }, body: { emergency } }, context) {
      const found = findPurpose(parts, owner, purpose)
      if (found === undefined) return notFound(`There is no key of ${owner} for ${purpose}.`)
      const recorded = buildRecord(parts, context, { owner, purpose, emergency })
      const hasChanged = await found.held.rotate(found.purpose, { emergency, recorded })
      if (!hasChanged) await parts.storage.ledger.commit(recorded)
      // Keys count in the revision that plans and exports show.
      await parts.directory.catchUp()
      const keys = found.held.list().filter((key) => key.purpose === purpose)
      return { status: 200, body: { items: keys.map(renderKey) } }
    },
  }
}

/** @returns the owner's keys, if the owner has one for this purpose */
export function findPurpose(
  { signingKeys }: Parts<'signingKeys'>,
  owner: string,
  purpose: string,
): { readonly held: SigningKeys; readonly purpose: StoredKey['purpose'] } | undefined {
  for (const held of signingKeys()) {
    const key = held.list().find((it) => it.owner === owner && it.purpose === purpose)
    if (key !== undefined) return { held, purpose: key.purpose }
  }
  return undefined
}

function buildRecord(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  change: { readonly owner: string; readonly purpose: string; readonly emergency: boolean },
): LoggedEvent {
  return buildAdminEvent(context, clock.nowMs(), {
    type: 'key.rotated',
    category: 'lifecycle',
    severity: change.emergency ? 'critical' : 'notice',
    target: { kind: 'key', id: `${change.owner}/${change.purpose}` },
    change,
  })
}

function renderKey(key: StoredKey): KeyView {
  const { owner, purpose, kid, algorithm, state, createdAt, retireAt, privateKeyUri } = key
  return {
    owner,
    purpose,
    kid,
    algorithm,
    state,
    provider: nameKeyProvider(privateKeyUri) ?? 'unknown',
    ...(privateKeyUri === undefined ? {} : { uri: privateKeyUri }),
    createdAt: new Date(createdAt).toISOString(),
    ...(retireAt === undefined ? {} : { retireAt: new Date(retireAt).toISOString() }),
  }
}
