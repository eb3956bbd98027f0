// Fills an empty database with the company and its decisions, through the storage and recorder of the server.
import { openStorage, type Storage } from '@crosswalk/storage'

import { buildAdminEvent } from '../../../packages/control/src/audit/change-event.ts'
import { keysOfUser } from '../../../packages/control/src/definitions/users/user-keys.ts'
import type { Company } from './company.ts'
import { createDecider } from './decisions.ts'

type UserRecord = Parameters<typeof keysOfUser>[0]

/** Concurrent decisions: enough to fill ledger transactions. */
const AT_ONCE = 1_024
const OBJECTS_PER_CHANGE = 1_000

export async function fillDatabase(url: string, company: Company, decisions: number): Promise<void> {
  const storage = await openStorage(url)
  try {
    await keepObjects(storage, company)
    const decide = createDecider(company, storage.ledger, decisions)
    for (let start = 0; start < decisions; start += AT_ONCE) {
      const length = Math.min(AT_ONCE, decisions - start)
      await Promise.all(Array.from({ length }, (_, offset) => decide(start + offset)))
    }
  } finally {
    await storage.close()
  }
}

const ADMINISTRATOR = { caller: { id: 'admin', role: 'owner' } } as unknown as Parameters<
  typeof buildAdminEvent
>[0]

async function keepObjects({ objects }: Storage, company: Company): Promise<void> {
  // Long enough ago that no token issued before is still live.
  const at = Date.now() - 24 * 3600 * 1000
  const steps = Object.entries(company).flatMap(([collection, items]) =>
    items.map((body) => ({
      ...{ collection, id: body.id, body, by: 'admin', at },
      // As a server stores them; otherwise its first start would add them.
      ...(collection === 'users' ? { keys: keysOfUser(body as unknown as UserRecord) } : {}),
      event: describeCreation(collection, body.id, at),
    })),
  )
  for (let start = 0; start < steps.length; start += OBJECTS_PER_CHANGE) {
    const outcome = await objects.changeAll(steps.slice(start, start + OBJECTS_PER_CHANGE))
    if (!outcome.ok) throw new Error('the database was not empty')
  }
}

function describeCreation(collection: string, id: string, at: number) {
  const kind = collection.replaceAll('-', '_').replace(/s$/, '')
  return buildAdminEvent(ADMINISTRATOR, at, {
    type: `${kind}.created`,
    category: 'lifecycle',
    target: { kind, id },
  })
}
