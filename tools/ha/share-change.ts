// Checks that the servers still notify each other: a change at one soon applies at all, without a restart.
import { setTimeout as wait } from 'node:timers/promises'

import { createAdminClient } from '@crosswalk/admin-api'

/** One poll catches up on changes missed while the listening connection was down. */
const WITHIN_MS = 15_000
const LOOK_MS = 100

export interface ChangedServers {
  /** Addresses of the individual servers */
  readonly nodes: readonly string[]
  /** Addresses of their metrics */
  readonly metrics: readonly string[]
  readonly adminToken: string
}

/** Makes a change at the first server. @throws if another one does not apply it in time */
export async function shareChange({ nodes, metrics, adminToken }: ChangedServers, id: string): Promise<void> {
  const before = Math.max(...(await Promise.all(metrics.map(readRevision))))
  const admin = createAdminClient({ baseUrl: nodes[0] ?? '', token: adminToken })
  await admin.call('policies.create', { body: { id, effect: 'deny', state: 'off' } })
  const deadline = performance.now() + WITHIN_MS
  for (;;) {
    const revisions = await Promise.all(metrics.map(readRevision))
    if (revisions.every((revision) => revision > before)) return
    if (performance.now() > deadline)
      throw new Error(
        `a change did not reach all servers: they are at revisions ${revisions.join(' and ')}, after ${before}`,
      )
    await wait(LOOK_MS)
  }
}

async function readRevision(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^crosswalk_definitions_revision(?:\{.*\})? (\d+)/m.exec(text)?.[1])
}
