// When something was last used, as the events of exchanges tell.
import type { AdminParts } from '../parts.ts'

/** Events of exchanges, which name their connection and app. */
const USES = ['idjag.issued', 'idjag.denied', 'idjag.stepup'] as const

export interface LastUse {
  /** RFC 3339; of the last decision */
  readonly lastUsedAt: string | null
  /** RFC 3339; of the last exchange that was allowed */
  readonly provedAt: string | null
}

/** @param of - whose events are meant */
export async function readLastUse(
  { events }: AdminParts['storage'],
  of: { readonly connection: string } | { readonly app: string },
): Promise<LastUse> {
  const [issued, denied, stepUp] = await Promise.all(
    USES.map(async (type) => {
      const { items } = await events.list({ ...of, types: [type], limit: 1 })
      return items[0]?.event.time
    }),
  )
  const times = [issued, denied, stepUp].filter((time) => time !== undefined).sort()
  return { lastUsedAt: times.at(-1) ?? null, provedAt: issued ?? null }
}
