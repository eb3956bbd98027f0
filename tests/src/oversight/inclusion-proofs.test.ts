// A proof of one event, verified without the server: it names the event, discloses no other, and no change of it passes.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { InclusionProof } from '@crosswalk/admin-api'
import { hashText } from '@crosswalk/storage'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-inclusion-'))
const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
let server: TestServer
let admin: Admin
let idToken = ''
let decisionId = ''
let kept = ''
let proof: InclusionProof

const ask = (...args: string[]) => crosswalk(['audit', ...args, '--server', server.baseUrl], { env })
const parse = (text: string) => JSON.parse(text) as InclusionProof

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  idToken = (await signInFor(server.baseUrl, 'alice')).idToken
  const first = await exchange(server.baseUrl, idToken, { resource: TODO })
  decisionId = first.headers.get('crosswalk-decision') ?? ''
  await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'secrets.read' })
  kept = write('kept.json', (await ask('checkpoints', '-o', 'json')).out)
  proof = parse((await ask('prove', decisionId)).out)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

function write(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Without a token or a server. */
const verify = (document: object, key = kept) =>
  crosswalk(['audit', 'verify', '--proof', write('proof.json', document), '--key', key])

it('proves a decision to someone who has only the key, and tells what it was', async () => {
  const { exitCode, out } = await verify(proof)
  expect(exitCode).toBe(0)
  expect(out).toMatch(/^✓ idp#\d+ is in the log, sealed at \S+, \d events? later\n/)
  expect(out).toContain(`idjag.issued  allow  XAA0000  ${decisionId}\n`)
})

it('has nothing of other events but their hashes', async () => {
  const { items } = (await admin('GET', '/audit-events?log=idp')).body
  const later = items.filter(({ seq }: { seq: number }) => seq > proof.seq)
  expect(later.length).toBeGreaterThan(0)
  expect(proof.following).toHaveLength(later.length)
  for (const { id } of (items as { id: string; seq: number }[]).filter(({ seq }) => seq !== proof.seq))
    expect(JSON.stringify(proof)).not.toContain(id)
  expect(JSON.stringify(proof)).not.toContain('secrets.read')
})

it('names an event by chain and number, and seals it if it is not sealed yet', async () => {
  const own = parse((await ask('prove', 'admin#1')).out)
  expect(await verify(own)).toMatchObject({ exitCode: 0 })
  const { headers } = await exchange(server.baseUrl, idToken, { resource: TODO })
  const newest = parse((await ask('prove', headers.get('crosswalk-decision') ?? '')).out)
  expect(newest.following).toEqual([])
  expect((await verify(newest)).out).toMatch(/^✓ idp#\d+ is in the log, sealed at \S+Z\n/)
})

it('is recorded, with the event that was handed out', async () => {
  await ask('prove', decisionId)
  const { items } = (await admin('GET', '/audit-events?type=audit.proven&limit=1')).body
  expect(items).toMatchObject([{ target: { kind: 'audit_event', id: `idp#${proof.seq}` } }])
})

it.each<[string, () => object, RegExp]>([
  ['another text', () => ({ text: proof.text.replace('alice', 'bob') }), /the hashes do not lead to/],
  ['another number', () => ({ seq: proof.seq + 1 }), /its checkpoint seals event \d+, and the proof ends at/],
  ['another previous hash', () => ({ prevHash: '' }), /the hashes do not lead to/],
  ['a later event left out', () => ({ following: proof.following.slice(1) }), /its checkpoint seals event/],
  [
    'a later event exchanged',
    () => ({ following: proof.following.map(() => hashText('other')) }),
    /the hashes do not lead to/,
  ],
  ['another chain', () => ({ chain: 'admin' }), /its checkpoint seals idp/],
  ['another log', () => ({ log: 'admin' }), /its checkpoint seals idp/],
  ['a checkpoint that no key signed', () => ({ checkpoint: 'x.y.z' }), /not signed by this key/],
])('fails with %s', async (_, change, why) => {
  const { exitCode, out } = await verify({ ...proof, ...change() })
  expect([exitCode, out]).toEqual([3, expect.stringMatching(why)])
})

it('fails with another key', async () => {
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const { exitCode, out } = await verify(proof, write('other.json', key))
  expect([exitCode, out]).toEqual([3, expect.stringContaining('not signed by this key')])
})

it('says what is missing or unknown', async () => {
  for (const event of ['idp#99999', 'idp#0', 'none#1', 'dec_unknown'])
    expect(await ask('prove', event)).toMatchObject({ exitCode: 6, err: expect.stringContaining(event) })
  const file = write('proof.json', proof)
  expect(await crosswalk(['audit', 'verify', '--proof', file])).toMatchObject({ exitCode: 2 })
  expect(await verify({ schema: 'other' })).toMatchObject({ exitCode: 2 })
  expect(await verify(proof, write('empty.json', {}))).toMatchObject({ exitCode: 2 })
})

it('refuses callers who may not read the logs', async () => {
  const { body: helpdesk } = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
  const path = '/audit-events/proof?event=idp%231'
  expect((await admin('GET', path, { token: helpdesk.token })).status).toBe(403)
  expect((await admin('GET', path)).status).toBe(200)
})
