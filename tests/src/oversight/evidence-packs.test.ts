// An evidence pack, verified without the server: it has the chosen events and nothing of the others, and no change of it passes.
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hashText } from '@crosswalk/storage'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const MIB = 1_048_576
const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }

type Files = Record<string, string>
interface Line {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly text: string
}

describe.each(testDatabaseKinds())('on $name', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-packs-'))
  let server: TestServer
  let admin: Admin
  let pack = ''
  let files: Files = {}
  let older: readonly { readonly statement: string }[] = []

  const ask = (...args: string[]) => crosswalk(['audit', ...args, '--server', server.baseUrl], { env })
  /** Without a token or a server. */
  const verify = (path: string, ...more: string[]) => crosswalk(['audit', 'verify', '--pack', path, ...more])

  beforeAll(async () => {
    server = await startTestServer({
      file: (baseUrl) => {
        const file = company(baseUrl)
        const roles = { owner: { users: ['usr_alice'] } }
        return { ...file, admin: { ...(file['admin'] as object), roles } }
      },
      database: await kind.create(),
    })
    admin = adminOf(server.baseUrl)
    const [alice, bob] = [await signInFor(server.baseUrl, 'alice'), await signInFor(server.baseUrl, 'bob')]
    await exchange(server.baseUrl, alice.idToken, { resource: TODO })
    older = JSON.parse((await ask('checkpoints', '--log', 'idp', '-o', 'json')).out).items
    for (const { idToken } of [bob, bob, alice, alice, bob])
      await exchange(server.baseUrl, idToken, { resource: TODO })
    pack = join(folder, 'alice.zip')
    expect(await ask('pack', '--user', 'alice', '--to', pack)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^✓ \d+ events of http:.*, all unchanged; packed by admin at /),
    })
    files = unpack(pack)
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  /** As any other program does. */
  function unpack(path: string): Files {
    const unpacked = Object.entries(unzipSync(readFileSync(path)))
    return Object.fromEntries(unpacked.map(([name, content]) => [name, Buffer.from(content).toString()]))
  }

  function write(name: string, change: Files): string {
    const path = join(folder, name)
    rmSync(path, { recursive: true, force: true })
    mkdirSync(path)
    for (const [file, content] of Object.entries({ ...files, ...change }))
      if (content !== '') writeFileSync(join(path, file), content)
    return path
  }

  function save(name: string, content: unknown): string {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }

  const lines = () => (files['events.ndjson'] ?? '').trim().split('\n')
  const parsed = () => lines().map((line) => JSON.parse(line) as Line)
  const asText = (all: readonly string[]) => all.map((line) => `${line}\n`).join('')

  it('verifies as a file and as a folder, with the key from elsewhere and with its own', async () => {
    const kept = save('kept.json', JSON.parse((await ask('checkpoints', '-o', 'json')).out))
    const keyed = await verify(pack, '--key', kept)
    expect(keyed).toMatchObject({ exitCode: 0, err: '' })
    expect(keyed.out).toMatch(/✓ idp {2}events \d+ to \d+, sealed {2}[1-9]\d* of them only as hashes/)
    expect(keyed.out).not.toContain('!')
    const own = await verify(write('same', {}))
    expect(own.exitCode).toBe(0)
    const { keys } = JSON.parse(files['jwks.json'] ?? '') as { keys: { kid: string }[] }
    expect(own.out).toContain(
      `! The key is from the pack itself. Ask the operator whether theirs is ${keys[0]?.kid}`,
    )
    expect((await verify(pack, '--key', join(folder, 'same', 'jwks.json'))).out).toBe(keyed.out)
  })

  it('has the events that an export with the same filter has, and nothing of the others', async () => {
    const { out } = await ask('export', '--user', 'alice')
    expect(files['events.ndjson']).toBe(out)
    const content = Object.values(files).join('')
    expect(content).toContain('usr_alice')
    expect(content).not.toContain('usr_bob')
  })

  it('says on its first page what it has, and how to verify it', () => {
    const page = files['README.html'] ?? ''
    for (const text of [
      'Audit evidence',
      'user: alice',
      'usr_alice',
      'agent0',
      'XAA0000',
      'idjag.issued',
      'npx crosswalk audit verify --pack crosswalk-evidence-',
    ])
      expect(page).toContain(text)
    const { keys } = JSON.parse(files['jwks.json'] ?? '') as { keys: { kid: string }[] }
    expect(page).toContain(keys[0]?.kid)
  })

  it('has all events without a filter, its own among them', async () => {
    const all = join(folder, 'all.zip')
    expect(await ask('pack', '--to', all)).toMatchObject({ exitCode: 0 })
    expect(unpack(all)['hashes.ndjson']).toBe('')
    expect(unpack(all)['events.ndjson']).toContain('"audit.packed"')
    const { items } = (await admin('GET', '/audit-events?type=audit.packed')).body
    expect(items).toMatchObject([{ change: { query: {} } }, { change: { query: { user: 'alice' } } }])
  })

  it('says who packed it: the administrator who created the token', async () => {
    const alice = await adminAs(server.baseUrl, 'alice')
    const { body } = await alice('POST', '/tokens', { body: { name: 'auditor', role: 'auditor' } })
    const own = join(folder, 'own.zip')
    const args = ['audit', 'pack', '--to', own, '--server', server.baseUrl]
    const { out } = await crosswalk(args, { env: { CROSSWALK_ADMIN_TOKEN: body.token } })
    expect(out).toContain('packed by usr_alice at ')
    const { items } = (await admin('GET', '/audit-events?type=audit.packed')).body
    expect(items[0]).toMatchObject({ actor: { id: body.id }, source: { principal: 'usr_alice' } })
  })

  it('may be empty, and covers one log or a period', async () => {
    const none = join(folder, 'none.zip')
    expect(await ask('pack', '--user', 'nobody', '--to', none)).toMatchObject({ exitCode: 0 })
    expect((await verify(none)).out).toMatch(/^✓ 0 events of /)
    const recent = join(folder, 'recent.zip')
    expect(await ask('pack', '--log', 'idp', '--since', '1h', '--to', recent)).toMatchObject({ exitCode: 0 })
    expect((await verify(recent)).out).not.toContain('✓ admin')
    expect(unpack(recent)['events.ndjson']).toBe((await ask('export', '--log', 'idp', '--since', '1h')).out)
    const old = join(folder, 'old.zip')
    await ask('pack', '--until', '2020-01-01T00:00:00Z', '--to', old)
    expect((await verify(old)).out).toMatch(/^✓ 0 events of /)
  })

  /** The chain can still be recomputed, but the auditor would not see the event. */
  function replaceWithHash(): Files {
    const [hidden] = parsed().slice(1)
    const { log, chain, seq, text } = hidden as Line
    const runs = (files['hashes.ndjson'] ?? '').trim().split('\n')
    const run = JSON.stringify({ log, chain, seq, textHashes: [hashText(text)] })
    const all = [...runs, run].sort((one, other) => JSON.parse(one).seq - JSON.parse(other).seq)
    return { 'events.ndjson': asText(lines().toSpliced(1, 1)), 'hashes.ndjson': asText(all) }
  }

  function changeCheckpoints(change: (statement: string) => string): Files {
    const { items } = JSON.parse(files['checkpoints.json'] ?? '') as { items: { statement: string }[] }
    return {
      'checkpoints.json': JSON.stringify({ items: items.map((it) => ({ statement: change(it.statement) })) }),
    }
  }

  const changeLine = (line: Line, change: object) => JSON.stringify({ ...line, ...change })
  const withChanged = (change: (line: Line) => object) => {
    const [first, ...rest] = parsed()
    return {
      'events.ndjson': asText([
        changeLine(first as Line, change(first as Line)),
        ...rest.map((it) => JSON.stringify(it)),
      ]),
    }
  }

  it.each<[string, () => Files, RegExp]>([
    [
      'a changed member',
      () => withChanged(() => ({ outcome: 'other' })),
      /idp#\d+: its members differ from its `text`/,
    ],
    [
      'a changed text',
      () => withChanged(({ text }) => ({ text: text.replace('alice', 'carol') })),
      /idp#\d+: its content was changed/,
    ],
    [
      'a removed event',
      () => ({ 'events.ndjson': asText(lines().toSpliced(1, 1)) }),
      /idp#\d+: (missing: the next event|rewritten|it does not follow)/,
    ],
    [
      'its last event removed',
      () => ({ 'events.ndjson': asText(lines().slice(0, -1)) }),
      /idp#\d+: (missing|rewritten|no checkpoint)/,
    ],
    [
      'a repeated event',
      () => ({ 'events.ndjson': asText([...lines().slice(0, 1), ...lines()]) }),
      /idp#\d+: missing: the next event is number/,
    ],
    [
      'an added event of another log',
      () => ({
        'events.ndjson': asText([
          ...lines(),
          changeLine(parsed()[0] as Line, { log: 'test', chain: 'test' }),
        ]),
      }),
      /test is not a chain that the server signed/,
    ],
    [
      'removed hashes',
      () => ({ 'hashes.ndjson': asText((files['hashes.ndjson'] ?? '').trim().split('\n').slice(1)) }),
      /idp#\d+: missing: the next event is number/,
    ],
    [
      'an event replaced with its hash',
      () => replaceWithHash(),
      /(events|hashes)\.ndjson is not the file that the server signed/,
    ],
    [
      'an edited checkpoint',
      () => changeCheckpoints((it) => `${it.slice(0, -4)}AAAA`),
      /not signed by this key/,
    ],
    [
      'no checkpoint',
      () => ({ 'checkpoints.json': JSON.stringify({ items: [] }) }),
      /idp#\d+: no checkpoint seals it/,
    ],
    [
      'an older checkpoint',
      () => ({ 'checkpoints.json': JSON.stringify({ items: older }) }),
      /no checkpoint seals it/,
    ],
    [
      'an edited page',
      () => ({ 'README.html': (files['README.html'] ?? '').replace('alice', 'carol') }),
      /README\.html is not the file that the server signed/,
    ],
    ['a missing page', () => ({ 'README.html': '' }), /README\.html is missing/],
    [
      'an added file',
      () => ({ 'READ ME FIRST.html': 'nothing happened' }),
      /READ ME FIRST\.html is not a file that the server signed/,
    ],
    [
      'an edited manifest',
      () => ({ 'manifest.json': '{"statement":"x.y.z"}' }),
      /its manifest is not signed by this key/,
    ],
  ])('fails with %s', async (_, change, why) => {
    const { exitCode, out } = await verify(write('changed', change()))
    expect([exitCode, out]).toEqual([3, expect.stringMatching(why)])
  })

  it('stops at the limit of each file, before a small ZIP file fills the memory', async () => {
    const verifyChanged = (change: Files) => verify(write('large', change))
    const manifest = files['manifest.json'] ?? ''
    const [whole, tooLarge] = [16 * MIB, 16 * MIB + 1].map((bytes) => manifest.padEnd(bytes)) as [
      string,
      string,
    ]
    expect(await verifyChanged({ 'manifest.json': whole })).toMatchObject({ exitCode: 0 })
    const reason = expect.stringContaining('manifest.json is larger than 16 MiB')
    expect(await verifyChanged({ 'manifest.json': tooLarge })).toMatchObject({ exitCode: 2, err: reason })
    const bomb = join(folder, 'bomb.zip')
    const entries = Object.entries({ ...files, 'manifest.json': tooLarge })
    writeFileSync(bomb, zipSync(Object.fromEntries(entries.map(([name, it]) => [name, Buffer.from(it)]))))
    expect(statSync(bomb).size).toBeLessThan(MIB)
    expect(await verify(bomb)).toMatchObject({ exitCode: 2, err: reason })
  })

  it('stops at a line that no event needs', async () => {
    const [first = '', ...rest] = lines()
    const verifyPadded = (length: number) =>
      verify(write('padded', { 'events.ndjson': asText([first.padEnd(length), ...rest]) }))
    const out = expect.stringContaining('events.ndjson is not the file that the server signed')
    expect(await verifyPadded(8 * MIB)).toMatchObject({ exitCode: 3, out })
    expect(await verifyPadded(8 * MIB + 1)).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('events.ndjson: line 1 is longer than 8 MiB'),
    })
  })

  it('fails with another key, and rejects what is no pack', async () => {
    const key = save('other.json', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))
    const foreign = await verify(pack, '--key', key)
    expect([foreign.exitCode, foreign.out]).toEqual([
      3,
      expect.stringContaining('manifest is not signed by this key'),
    ])
    expect(await verify(key)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('is not a ZIP file'),
    })
    expect(await verify(folder)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('no valid jwks.json'),
    })
    expect(await verify(join(folder, 'absent'))).toMatchObject({ exitCode: 2 })
    expect(await verify(pack, '--key', save('bad.json', { kty: 'x' }))).toMatchObject({ exitCode: 2 })
  })

  it('overwrites nothing, is readable only by its owner, and tells a missing permission', async () => {
    expect(statSync(pack).mode & 0o777).toBe(0o600)
    expect(await ask('pack', '--to', pack)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('already exists'),
    })
    expect(await ask('pack', '--to', join(pack, 'below-a-file'))).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/cannot be created \(ENOTDIR\)\nfix: name a writable folder/),
    })
    expect(await verify(pack)).toMatchObject({ exitCode: 0 })
    const { body: helpdesk } = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
    const { status } = await admin('GET', '/audit-events/pack', { token: helpdesk.token })
    expect(status).toBe(403)
  })
})
