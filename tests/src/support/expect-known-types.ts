// Every recorded event has a type of the table: filters refuse others, and OCSF would only guess their class.
import { AUDIT_EVENT_TYPES } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

export async function expectKnownTypes({ events }: Storage): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await events.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })
    const unknown = page.items.find(({ event }) => !AUDIT_EVENT_TYPES.has(event.type))
    if (unknown !== undefined) throw new Error(`${unknown.event.type} is missing in AUDIT_EVENT_TYPES`)
    cursor = page.next
  } while (cursor !== undefined)
}
