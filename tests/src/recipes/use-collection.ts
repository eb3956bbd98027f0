// Uses the collection `teams` of the recipe over HTTP, before and after a restart, and prints the results.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startTestServer } from '../support/server.ts'

const ADMIN_TOKEN = 'a-token-of-the-recipe-with-32-characters'
const KEY = '0123456789abcdef'.repeat(4)
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-recipe-'))
const options = {
  database: `sqlite:${folder}/db.sqlite`,
  key: KEY,
  file: () => ({ admin: { token: ADMIN_TOKEN }, idp: {} }),
}

interface Answer {
  readonly [member: string]: unknown
  readonly items: readonly { readonly id: string; readonly type: string }[]
  readonly document: { readonly idp: { readonly teams: unknown } }
  readonly paths: object
}

let server = await startTestServer(options)

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.baseUrl}/admin/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Answer
  return { status: response.status, etag: response.headers.get('etag') ?? '', body: answer }
}
const idsOf = ({ body }: { readonly body: Answer }) => body.items.map(({ id }) => id)

const created = await call('POST', '/teams', { id: 'blue', lead: 'usr_ada' })
const { id, lead } = created.body as Answer & Record<'id' | 'lead', string>
const listed = idsOf(await call('GET', '/teams?q=blu'))
const refused = await call('POST', '/teams', { id: 'red' })
const changed = await call('PATCH', '/teams/blue', { lead: 'usr_bob' }, { 'if-match': created.etag })
const events = (await call('GET', '/audit-events?limit=50')).body.items.map(({ type }) => type)
const exported = (await call('GET', '/configuration')).body.document.idp.teams
const described = '/teams/{id}' in (await call('GET', '/openapi.json')).body.paths
await server.stop()
server = await startTestServer(options)
const afterRestart = idsOf(await call('GET', '/teams'))
await server.stop()
rmSync(folder, { recursive: true })

console.log(
  JSON.stringify({
    created: [created.status, { id, lead }],
    listed,
    refused: refused.status,
    changed: [changed.status, changed.body['lead']],
    events: events.filter((type: string) => type.startsWith('team.')),
    exported,
    described,
    afterRestart,
  }),
)
