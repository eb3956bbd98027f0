// Uses the collection `teams` of the recipe over HTTP, before and after a restart.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ADMIN_TOKEN, type AdminAnswer, adminOf } from '../../admin/admin.ts'
import { startTestServer } from '../../support/server.ts'

const KEY = '0123456789abcdef'.repeat(4)

interface Item {
  readonly id: string
  readonly type: string
}

const itemsOf = ({ body }: AdminAnswer) => body.items as readonly Item[]

export async function useCollection() {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-recipe-'))
  const options = {
    database: `sqlite:${folder}/db.sqlite`,
    key: KEY,
    file: () => ({ admin: { token: ADMIN_TOKEN }, idp: {} }),
  }
  const first = await startTestServer(options)
  const admin = adminOf(first.baseUrl)
  const created = await admin('POST', '/teams', { body: { id: 'blue', lead: 'usr_ada' } })
  const listed = itemsOf(await admin('GET', '/teams?q=blu')).map(({ id }) => id)
  const refused = await admin('POST', '/teams', { body: { id: 'red' } })
  const changed = await admin('PATCH', '/teams/blue', { body: { lead: 'usr_bob' }, ifMatch: created.etag })
  const events = itemsOf(await admin('GET', '/audit-events?limit=50')).map(({ type }) => type)
  const exported = await admin('GET', '/configuration')
  const described = await admin('GET', '/openapi.json')
  await first.stop()
  const second = await startTestServer(options)
  const kept = itemsOf(await adminOf(second.baseUrl)('GET', '/teams'))
  await second.stop()
  rmSync(folder, { recursive: true })
  return {
    created: [created.status, { id: created.body.id, lead: created.body.lead }],
    listed,
    refused: refused.status,
    changed: [changed.status, changed.body.lead],
    events: events.filter((type) => type.startsWith('team.')),
    exported: exported.body.document.idp.teams,
    described: '/teams/{id}' in described.body.paths,
    afterRestart: kept.map(({ id }) => id),
  }
}
