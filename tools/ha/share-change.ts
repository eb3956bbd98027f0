// Whether the servers still hear of each other: what one of them is told is soon in force at all, without a restart.
import { setTimeout as wait } from 'node:timers/promises'

import { createAdminClient } from '@crosswalk/admin-api'

/** One look makes up for what was missed while the connection that listens was away. */
const WITHIN_MS = 15_000
const LOOK_MS = 100

export interface ChangedServers {
  /** Each server itself */
  readonly nodes: readonly string[]
  /** Where each serves its metrics */
  readonly metrics: readonly string[]
  readonly adminToken: string
}

/** Makes a change at the first server. @throws when another one does not have it in time */
export async function shareChange({ nodes, metrics, adminToken }: ChangedServers, id: string): Promise<void> {
  const before = Math.max(...(await Promise.all(metrics.map(readRevision))))
  const admin = createAdminClient({ baseUrl: nodes[0] ?? '', token: adminToken })
  await admin.call('policies.create', { body: { id, effect: 'deny', state: 'off' } })
  const deadline = performance.now() + WITHIN_MS
  for (;;) {
    const revisions = await Promise.all(metrics.map(readRevision))
    if (revisions.every((revision) => revision > before)) return
    if (performance.now() > deadline)
      throw new Error(`a change reached revisions ${revisions.join(' and ')} only, from ${before}`)
    await wait(LOOK_MS)
  }
}

async function readRevision(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^crosswalk_definitions_revision(?:\{.*\})? (\d+)/m.exec(text)?.[1])
}
