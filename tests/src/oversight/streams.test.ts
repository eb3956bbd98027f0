// Event streams to receivers on this machine: delivery, retries, and what administrators see.
import { createHmac, randomBytes } from 'node:crypto'
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createTlsCertificate, type TlsCertificate } from '../support/tls-certificate.ts'

const SECRET = 'a secret shared with the collector, long enough'
const KEY = randomBytes(32).toString('hex')
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-streams-'))
const file = join(folder, 'events.ndjson')

interface Batch {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
const batches: Batch[] = []
let answer = 204
/** The log of which the collector refuses every batch */
let refusedLog: string | undefined
const overTcp: string[] = []
const overTls: string[] = []
const overUdp: string[] = []
let collector: HttpServer
let tcp: Server
let tls: Server
let certificate: TlsCertificate
let udp: DatagramSocket

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const WAIT = { timeout: 15_000, interval: 50 }

beforeAll(async () => {
  collector = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const isRefused =
        refusedLog !== undefined && JSON.parse(body.split('\n', 1)[0] ?? '').log === refusedLog
      const status = isRefused ? 400 : answer
      if (status < 300) batches.push({ headers: request.headers as Record<string, string>, body })
      response.writeHead(status).end(status === 401 ? `{\n  "text": "Invalid token ${SECRET}" }` : '')
    })
  })
  const takeInto = (messages: string[]) => (socket: Socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => messages.push(...readFrames(Buffer.concat(chunks))))
    socket.on('error', () => undefined)
  }
  certificate = await createTlsCertificate()
  tcp = createServer(takeInto(overTcp))
  tls = createTlsServer(certificate, takeInto(overTls))
  udp = createSocket('udp4').on('message', (message) => void overUdp.push(message.toString()))
  await Promise.all([
    new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve)),
  ])
})
afterAll(() => {
  collector.closeAllConnections()
  collector.close()
  tcp.close()
  tls.close()
  udp.close()
  rmSync(folder, { recursive: true })
})

/** RFC 6587 section 3.4.1 */
function readFrames(data: Buffer): string[] {
  const frames: string[] = []
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(' ', at)
    const end = space + 1 + Number(data.subarray(at, space))
    frames.push(data.subarray(space + 1, end).toString())
    at = end
  }
  return frames
}

const toTls = () => ({
  type: 'syslog',
  host: '127.0.0.1',
  port: portOf(tls),
  protocol: 'tls',
  types: ['idjag.*'],
})

function streams() {
  return [
    { id: 'lines', type: 'file', path: file },
    { id: 'arcsight', type: 'file', path: `${file}.cef`, types: ['idjag.*'], format: 'cef' },
    {
      id: 'siem',
      type: 'http',
      url: `http://127.0.0.1:${portOf(collector)}/in?key=x`,
      secret: SECRET,
      batchEvents: 2,
    },
    { ...toTls(), id: 'tls', certificates: certificate.cert },
    { id: 'tcp', type: 'syslog', host: '127.0.0.1', port: portOf(tcp), types: ['idjag.*'] },
    {
      id: 'udp',
      type: 'syslog',
      host: '127.0.0.1',
      port: portOf(udp),
      protocol: 'udp',
      types: ['signin.succeeded'],
      format: 'ocsf',
    },
  ]
}

const sent = () =>
  batches.flatMap(({ body }) =>
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
const places = (events: readonly { log: string; seq: number }[], log: string) =>
  events.filter((event) => event.log === log).map(({ seq }) => seq)
const count = (most: number) => Array.from({ length: most }, (_, index) => index + 1)

describeOnDatabases('on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  const tokens: string[] = []

  const see = async (id: string) =>
    (await admin('GET', '/audit-streams')).body.items.find((stream: { id: string }) => stream.id === id)
  const headOf = (log: string) =>
    server.events(async (reader) => (await reader.heads()).find((head) => head.log === log)?.seq ?? 0)
  const untilCurrent = (id: string) =>
    vi.waitFor(async () => expect(await see(id)).toMatchObject({ state: 'current' }), WAIT)

  beforeAll(async () => {
    answer = 204
    refusedLog = undefined
    for (const path of [file, `${file}.cef`]) rmSync(path, { force: true })
    for (const list of [batches, overTcp, overTls, overUdp]) list.length = 0
    server = await startTestServer({
      file: (baseUrl) => ({ ...company(baseUrl), audit: { streams: streams() } }),
      database: await kind.create(),
      key: KEY,
    })
    admin = adminOf(server.baseUrl)
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    for (const scope of ['todos.read', 'todos.write', 'nothing'])
      await exchange(server.baseUrl, idToken, { resource: TODO, scope })
    const granted = await exchange(server.baseUrl, idToken, { resource: TODO })
    const redeemed = await redeem(server.baseUrl, String(granted.body.access_token))
    tokens.push(idToken, String(granted.body.access_token), String(redeemed.body.access_token))
  })
  afterAll(() => server.stop())

  it('a file gets every event once, in log order, identical to the export', async () => {
    await untilCurrent('lines')
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line))
    expect(places(events, 'idp')).toEqual(count(await headOf('idp')))
    expect(places(events, 'as:vendor')).toEqual([1])
    for (const token of [...tokens, SECRET]) expect(lines.join('\n')).not.toContain(token)
  })

  it('a CEF file gets a line per event of its types', async () => {
    await untilCurrent('arcsight')
    const told = readFileSync(`${file}.cef`, 'utf8').trimEnd().split('\n')
    const { body } = await admin('GET', '/audit-events?type=idjag.issued,idjag.denied&limit=100')
    const events: { id: string; type: string }[] = body.items
    expect(told).toHaveLength(events.length)
    for (const { id, type } of events)
      expect(told.filter((line) => line.includes(` externalId=${id} `))).toEqual([
        expect.stringMatching(`^CEF:0\\|Crosswalk\\|Crosswalk\\|1\\|${type}\\|`),
      ])
  })

  it('a collector gets signed batches in order', async () => {
    await untilCurrent('siem')
    expect(places(sent(), 'idp')).toEqual(count(await headOf('idp')))
    for (const { headers, body } of batches) {
      const events = body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(events.length).toBeLessThanOrEqual(2)
      const expected = createHmac('sha256', SECRET).update(`${headers['crosswalk-timestamp']}.${body}`)
      expect(headers).toMatchObject({
        'content-type': 'application/x-ndjson',
        'crosswalk-stream': 'siem',
        'crosswalk-batch': `${events[0].log}:${events[0].seq}-${events.at(-1).seq}`,
        'crosswalk-signature': `v1=${expected.digest('hex')}`,
      })
    }
    expect((await see('siem')).to).toBe(`http://127.0.0.1:${portOf(collector)}/in`)
  })

  it('syslog gets the configured types: octet-counted over TCP, a datagram each over UDP', async () => {
    await Promise.all([untilCurrent('tcp'), untilCurrent('udp')])
    const messages = overTcp.map((frame) => /^<(\d+)>1 (\S+) \S+ crosswalk \d+ (\S+) - (.*)$/.exec(frame))
    expect(messages.map((match) => [match?.[1], match?.[3]])).toEqual([
      ['110', 'idjag.issued'],
      ['110', 'idjag.issued'],
      ['109', 'idjag.denied'],
      ['110', 'idjag.issued'],
    ])
    expect(JSON.parse(messages[0]?.[4] ?? '')).toMatchObject({ type: 'idjag.issued', time: messages[0]?.[2] })
    await vi.waitFor(() => expect(overUdp).toHaveLength(1), WAIT)
    expect(JSON.parse(overUdp[0]?.replace(/^.* - (?=\{)/, '') ?? '')).toMatchObject({ class_uid: 3002 })
  })

  it('syslog over TLS gets the same if a configured CA issued the certificate of the receiver', async () => {
    await Promise.all([untilCurrent('tcp'), untilCurrent('tls')])
    const withoutPlace = (frame: string) => frame.replace(/^<\d+>1 \S+ /, '')
    expect(overTls.map(withoutPlace)).toEqual(overTcp.map(withoutPlace))
  })

  it('a failing collector is retried, lag and error are shown, and nothing is lost', async () => {
    answer = 503
    const before = sent().length
    await admin('POST', '/simulate', {
      body: { app: 'agent0', user: 'bob', audience: `${server.baseUrl}/as/vendor` },
    })
    await vi.waitFor(
      async () => expect(await see('siem')).toMatchObject({ state: 'failing', lastError: 'status 503' }),
      WAIT,
    )
    const failing = await see('siem')
    expect(failing.lagEvents).toBeGreaterThan(0)
    expect(failing.failures).toBeGreaterThan(0)
    const metrics = await (await fetch(`${server.baseUrl}/metrics`)).text()
    expect(metrics).toMatch(/^crosswalk_audit_stream_failures\{stream="siem"\} [1-9]/m)
    expect(metrics).toMatch(/^crosswalk_audit_stream_lag_events\{stream="siem"\} [1-9]/m)
    // Other streams continue.
    await untilCurrent('lines')
    answer = 204
    const typesSent = () => sent().map(({ type }) => type as string)
    await vi.waitFor(() => expect(typesSent()).toContain('stream.recovered'), WAIT)
    await untilCurrent('siem')
    expect(await see('siem')).toMatchObject({ failures: 0, lagEvents: 0, lastError: 'status 503' })
    expect(places(sent(), 'admin')).toEqual(count(await headOf('admin')))
    expect(sent().length).toBeGreaterThan(before)
    for (const type of ['stream.failed', 'stream.recovered'])
      expect(typesSent().filter((it) => it === type)).toHaveLength(1)
  })

  it('a test event reaches the receiver, tells that it is one, and is in no log', async () => {
    const trigger = (...args: string[]) =>
      crosswalk(['trigger', ...args, '--server', server.baseUrl], {
        env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
      })
    const recorded = async (type: string) => (await admin('GET', `/audit-events?type=${type}`)).body.items
    const before = (await recorded('idjag.denied')).length
    const done = await trigger('siem', 'idjag.denied')
    expect(done).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^✓ siem took the test event evt_test_/),
    })
    const [tested] = sent().filter(({ log }) => log === 'test')
    expect(tested).toMatchObject({
      ...{ chain: 'test', seq: 0, type: 'idjag.denied', reason: 'Test event: nothing happened.' },
      ...{ id: expect.stringMatching(/^evt_test_/), actor: { kind: 'system', id: 'crosswalk-test' } },
    })
    expect(batches.find(({ headers }) => headers['crosswalk-batch'] === 'test:0-0')?.headers).toHaveProperty(
      'crosswalk-signature',
    )
    expect(await recorded('idjag.denied')).toHaveLength(before)
    expect((await recorded('stream.tested'))[0]).toMatchObject({
      ...{ actor: { kind: 'admin' }, target: { id: 'siem' }, change: { type: 'idjag.denied' } },
    })
    // A file of what a receiver got is still a copy of the logs.
    const copy = batches.map(({ body }) => body).join('')
    expect((await crosswalk(['audit', 'verify', '--file', '-'], { stdin: copy })).exitCode).toBe(0)
    answer = 401
    const refused = await trigger('siem', 'idjag.denied', '-o', 'json')
    answer = 204
    expect([refused.exitCode, JSON.parse(refused.out)]).toEqual([
      3,
      expect.objectContaining({
        ...{ schema: 'crosswalk.stream-test/v1', delivered: false, error: 'status 401' },
        answer: '{ "text": "Invalid token …" }',
      }),
    ])
    // Without a type: one that the stream sends.
    for (const [stream, type] of [
      ['siem', 'stream.tested'],
      ['tcp', 'idjag.issued'],
    ] as const) {
      const { exitCode, out } = await trigger(stream, '-o', 'json')
      expect([exitCode, JSON.parse(out)]).toEqual([0, expect.objectContaining({ delivered: true, type })])
    }
    await untilCurrent('siem')
    for (const [args, exitCode, told] of [
      [['nowhere', 'idjag.denied'], 6, /no stream nowhere/],
      [['siem', 'idjag.denid'], 2, /there is no event idjag\.denid/],
      [['tcp', 'signin.failed'], 2, /sends only idjag\.\*/],
      [['lines', 'idjag.denied'], 2, /a file has no receiver/],
    ] as const) {
      const wrong = await trigger(...args)
      expect([wrong.exitCode, wrong.err]).toEqual([exitCode, expect.stringMatching(told)])
    }
  })

  it('a collector that refuses one chain gets the others', async () => {
    await untilCurrent('siem')
    refusedLog = 'idp'
    const idp = await headOf('idp')
    await signInFor(server.baseUrl, 'bob')
    const failing = { state: 'failing', lastError: 'status 400' }
    await vi.waitFor(async () => expect(await see('siem')).toMatchObject(failing), WAIT)
    await admin('POST', '/simulate', {
      body: { app: 'agent0', user: 'bob', audience: `${server.baseUrl}/as/vendor` },
    })
    const head = await headOf('admin')
    await vi.waitFor(() => expect(places(sent(), 'admin')).toContain(head), WAIT)
    expect(await see('siem')).toMatchObject({ ...failing, positions: { idp } })
    refusedLog = undefined
    await untilCurrent('siem')
    expect(places(sent(), 'idp')).toEqual(count(await headOf('idp')))
  })

  it('restarts where an administrator chooses, which is logged', async () => {
    await untilCurrent('siem')
    const head = await headOf('idp')
    batches.length = 0
    const refused = await admin('POST', '/audit-streams/siem/replay', {
      body: { after: { idp: head + 1, none: 0 }, reason: 'drill' },
    })
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      '/after/idp',
      '/after/none',
    ])
    const { status } = await admin('POST', '/audit-streams/siem/replay', {
      body: { after: { idp: head - 2 }, reason: 'collector lost a disk' },
    })
    expect(status).toBe(200)
    await vi.waitFor(() => expect(places(sent(), 'idp')).toEqual([head - 1, head]), WAIT)
    const { body } = await admin('GET', '/audit-events?type=stream.replayed')
    expect(body.items).toMatchObject([
      { reason: 'collector lost a disk', target: { id: 'siem' }, change: { after: { idp: head - 2 } } },
    ])
    const missing = await admin('POST', '/audit-streams/none/replay', { body: { after: {}, reason: 'x' } })
    expect(missing.status).toBe(404)
  })

  it('continues after a restart where it stopped, and completes a partial line', async () => {
    await Promise.all([untilCurrent('lines'), untilCurrent('siem')])
    const database = server.database
    await server.stop()
    if (!existsSync(file)) throw new Error('the file is gone')
    appendFileSync(file, '{"torn')
    const known = readFileSync(file, 'utf8')
    server = await startTestServer({
      file: (baseUrl) => ({ ...company(baseUrl), audit: { streams: streams().slice(0, 1) } }),
      database,
      key: KEY,
    })
    admin = adminOf(server.baseUrl)
    await signInFor(server.baseUrl, 'carol')
    await untilCurrent('lines')
    const added = readFileSync(file, 'utf8').slice(known.length)
    expect(added[0]).toBe('\n')
    const events = added
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const head = await headOf('idp')
    expect(places(events, 'idp')).toEqual([head - 1, head])
  })
})

it('a collector that accepts a megabyte gets all events, however large a client makes them', async () => {
  const sizes: number[] = []
  const small = createHttpServer((request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => {
      sizes.push(bytes)
      response.writeHead(bytes > 1_000_000 ? 413 : 204).end()
    })
  })
  await new Promise<void>((resolve) => small.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${portOf(small)}/`
  const siem = { id: 'siem', type: 'http', url, secret: SECRET }
  const server = await startTestServer({
    file: (baseUrl) => ({ ...company(baseUrl), audit: { streams: [siem] } }),
  })
  const { idToken } = await signInFor(server.baseUrl, 'bob')
  // The longest request that is read
  const scope = Array.from({ length: 499 }, (_, index) => `${index}.${'x'.repeat(120)}`).join(' ')
  const denied = await Promise.all(
    Array.from({ length: 20 }, () => exchange(server.baseUrl, idToken, { resource: TODO, scope })),
  )
  expect(denied.map(({ status }) => status)).toEqual(denied.map(() => 400))
  const see = async () => (await adminOf(server.baseUrl)('GET', '/audit-streams')).body.items[0]
  await vi.waitFor(async () => expect(await see()).toMatchObject({ state: 'current', lastError: null }), WAIT)
  expect(Math.max(...sizes)).toBeGreaterThan(300_000)
  await server.stop()
  small.close()
})

it('an event that a collector always rejects does not hold up the others, and its end is recorded', async () => {
  const got: { type: string; change?: object }[] = []
  const picky = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const lines = Buffer.concat(chunks).toString().trimEnd().split('\n')
      const events = lines.map((line) => JSON.parse(line))
      const isRejected = events.some(({ type }) => type === 'idjag.denied')
      if (!isRejected) got.push(...events)
      response.writeHead(isRejected ? 400 : 204).end()
    })
  })
  await new Promise<void>((resolve) => picky.listen(0, '127.0.0.1', resolve))
  const siem = { id: 'siem', type: 'http', url: `http://127.0.0.1:${portOf(picky)}/`, secret: SECRET }
  const server = await startTestServer({
    file: (baseUrl) => ({ ...company(baseUrl), audit: { streams: [siem] } }),
  })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const denied = await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'nothing' })
  expect(denied.status).toBe(400)
  await exchange(server.baseUrl, idToken, { resource: TODO })
  const typesOf = (type: string) => got.filter((event) => event.type === type)
  await vi.waitFor(() => expect(typesOf('stream.abandoned')).toHaveLength(1), { timeout: 40_000 })
  const [recorded] = await server.events((reader) =>
    reader.findByDecision(denied.headers.get('crosswalk-decision') ?? ''),
  )
  const { items } = (await adminOf(server.baseUrl)('GET', '/audit-streams')).body
  expect(items).toMatchObject([{ id: 'siem', abandoned: 1 }])
  expect(typesOf('stream.abandoned')).toMatchObject([
    { change: { chain: 'idp', seq: recorded?.seq, event: recorded?.event.id }, reason: 'status 400' },
  ])
  await vi.waitFor(() => expect(typesOf('idjag.issued').length).toBeGreaterThan(0), WAIT)
  await server.stop()
  picky.close()
})

it('syslog over TLS gets nothing if the certificate is not trusted', async () => {
  overTls.length = 0
  const server = await startTestServer({
    file: (baseUrl) => ({ ...company(baseUrl), audit: { streams: [{ ...toTls(), id: 'tls' }] } }),
  })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  await exchange(server.baseUrl, idToken, { resource: TODO })
  const see = async () => (await adminOf(server.baseUrl)('GET', '/audit-streams')).body.items[0]
  await vi.waitFor(async () => expect(await see()).toMatchObject({ state: 'failing' }), WAIT)
  expect(await see()).toMatchObject({
    lastError: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    delivered: 0,
  })
  await server.stop()
  expect(overTls).toEqual([])
})

it('streams with duplicate names, no secret or no destination stop the start, with all problems listed', async () => {
  const broken = startTestServer({
    file: (baseUrl) => ({
      ...company(baseUrl),
      audit: {
        streams: [
          { id: 'a', type: 'file', path: file },
          { id: 'a', type: 'http', url: 'http://collector.example/', secret: 'short' },
          { id: 'b', type: 'syslog', types: ['nonsense'] },
        ],
      },
    }),
  })
  await expect(broken).rejects.toThrow(/id in audit\.streams/)
  await expect(broken).rejects.toThrow(/url/)
  await expect(broken).rejects.toThrow(/secret/)
  await expect(broken).rejects.toThrow(/host/)
  await expect(broken).rejects.toThrow(/types/)
})
