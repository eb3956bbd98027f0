// `crosswalk doctor` against Crosswalk, a plain OpenID Provider, and partners with one defect each.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { AnswerTo } from '@crosswalk/admin-api'
import { run } from '@crosswalk/cli'
import { generateKeyPair, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import { ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Change, edit, type Partner, PATHS, replace, type Reply, startPartner } from './partner.ts'
import { crosswalk } from './run-crosswalk.ts'
import { runDoctor } from './run-doctor.ts'

async function doctor(...command: Parameters<typeof runDoctor>) {
  const { exitCode, ok, findings } = await runDoctor(...command)
  const told = findings.filter(({ result }) => ['fail', 'warn', 'info'].includes(result))
  return { exitCode, ok, findings, told: told.map(({ id, result }) => `${id} ${result}`), details: told }
}

describe('a partner of another vendor', () => {
  let partner: Partner
  beforeAll(async () => {
    partner = await startPartner()
  })
  afterAll(() => partner.stop())

  const examine = (change?: Change) => {
    partner.change(change)
    return doctor(['--idp', partner.idp, '--as', partner.as, '--resource', partner.api])
  }

  it('that is healthy has no findings, and receives only GET requests without secrets', async () => {
    const { exitCode, ok, told, findings } = await examine()
    expect([exitCode, ok, told]).toEqual([0, true, []])
    expect(findings.length).toBeGreaterThan(30)
    expect(partner.seen.every(({ method, secret }) => method === 'GET' && !secret)).toBe(true)
  })

  it('reports only changes since the last run, which a file keeps', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-doctor-last-'))
    const file = join(folder, 'last.json')
    const run = async (...more: string[]) =>
      crosswalk(['doctor', '--idp', partner.idp, '--since-last', file, ...more])
    const broken = edit(PATHS.idp, () => ({ token_endpoint: undefined, grant_types_supported: [] }))
    try {
      partner.change(edit(PATHS.idp, () => ({ identity_chaining_requested_token_types_supported: [] })))
      const first = await run()
      expect([first.exitCode, first.out]).toEqual([
        0,
        expect.stringMatching(/^! M04[^]*\n1 new · 0 resolved · 0 unchanged \(first run\)\n$/),
      ])
      expect((await run()).out).toMatch(/^0 new · 0 resolved · 1 unchanged since 20\S+Z\n$/)
      // M04 needs M03: a check that was skipped is not resolved.
      partner.change(broken)
      const second = await run()
      expect([second.exitCode, second.out]).toEqual([
        3,
        expect.stringMatching(/^✕ M03[^]*\n\d new · 0 resolved · 1 unchanged since/),
      ])
      expect(await run()).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^0 new/) })
      partner.change(undefined)
      const third = await run('-o', 'json')
      expect([third.exitCode, JSON.parse(third.out)]).toEqual([
        0,
        expect.objectContaining({
          ok: true,
          findings: [],
          resolved: expect.arrayContaining([
            expect.objectContaining({ id: 'M03' }),
            expect.objectContaining({ id: 'M04' }),
          ]),
        }),
      ])
      writeFileSync(file, '{}')
      expect(await run()).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('not written by --since-last'),
      })
      expect(
        (await crosswalk(['doctor', '--idp', partner.idp, '--since-last', join(folder, 'no', 'folder')]))
          .exitCode,
      ).toBe(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('runs again when the file is saved, and reports what changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-doctor-watch-'))
    const file = join(folder, 'crosswalk.yaml')
    try {
      writeFileSync(file, 'idp: [')
      let out = ''
      const exitCode = await run(['doctor', '--config', file, '--watch', '--for', '6'], {
        // Saved again as soon as the first report is there.
        writeOut(text) {
          if (out === '') writeFileSync(file, 'baseUrl: http://127.0.0.1:4000\nidp: {')
          out += text
        },
        writeErr: () => undefined,
        stdin: [],
        isStdinTerminal: false,
        env: {},
        nowMs: () => Date.now(),
      })
      expect(exitCode).toBe(3)
      expect(out).toMatch(
        /^✕ F01[^]*\n\d new · 0 resolved · 0 unchanged \(first run\)\n✕ F01[^]* · 0 unchanged since 20\S+\n$/,
      )
      for (const more of [
        ['-o', 'json'],
        ['--since-last', file],
        ['--bundle', file],
      ])
        expect((await crosswalk(['doctor', '--config', file, '--watch', ...more])).exitCode).toBe(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('reports to build systems: JUnit XML and SARIF, with the exit code of the text', async () => {
    partner.change(edit(PATHS.idp, () => ({ identity_chaining_requested_token_types_supported: [] })))
    const run = (...more: string[]) => crosswalk(['doctor', '--idp', partner.idp, ...more])
    const junit = await run('-o', 'junit')
    const suite = `<testsuite name="${partner.idp}" tests="12" failures="0" errors="0" skipped="1">`
    expect([junit.exitCode, junit.out]).toEqual([0, expect.stringContaining(suite)])
    expect(junit.out).toMatch(
      /<testcase classname="[^"]+" name="M04 ID-JAG as requested token type">\n\s+<skipped message="[^"]+">/,
    )
    const strict = await run('-o', 'junit', '--strict')
    expect([strict.exitCode, strict.out]).toEqual([11, expect.stringContaining('failures="1"')])
    const sarif = await run('-o', 'sarif')
    const [scan] = (JSON.parse(sarif.out) as { runs: { results: object[] }[] }).runs
    expect([sarif.exitCode, scan?.results]).toEqual([
      0,
      [
        expect.objectContaining({
          ruleId: 'M04',
          level: 'warning',
          locations: [{ logicalLocations: [{ fullyQualifiedName: partner.idp }] }],
        }),
      ],
    ])
  })

  test.each<[string, Change, string, number?]>([
    ['no metadata at the IdP', replace(PATHS.idp, () => ({ status: 404 })), 'M01 fail'],
    ['HTML for metadata', replace(PATHS.idp, () => ({ body: '<html>' })), 'M01 fail'],
    ['an extra slash', edit(PATHS.idp, (origin) => ({ issuer: `${origin}/idp/` })), 'M02 fail'],
    [
      'no token exchange',
      edit(PATHS.idp, () => ({ grant_types_supported: ['authorization_code'] })),
      'M03 fail',
    ],
    ['no grant types', edit(PATHS.idp, () => ({ grant_types_supported: undefined })), 'M03 fail'],
    [
      'ID-JAG not advertised',
      edit(PATHS.idp, () => ({ identity_chaining_requested_token_types_supported: [] })),
      'M04 warn',
      0,
    ],
    ['unreadable keys', replace(PATHS.idpKeys, () => ({ status: 500 })), 'M05 fail'],
    ['a symmetric key', replace(PATHS.idpKeys, () => ({ body: { keys: [{ kty: 'oct' }] } })), 'M05 fail'],
    [
      'a private key',
      replace(PATHS.idpKeys, () => ({ body: { keys: [{ kty: 'EC', kid: 'a', d: 'secret' }] } })),
      'M05 fail',
    ],
    [
      'two keys with one kid',
      (healthy, origin) =>
        replace(PATHS.asKeys, () => {
          const [one] = (healthy[PATHS.asKeys]?.body as { readonly keys: readonly object[] }).keys
          const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
          return { body: { keys: [one, { ...one, ...other.export({ format: 'jwk' }) }] } }
        })(healthy, origin),
      'M05 fail',
    ],
    [
      'secrets only',
      edit(PATHS.as, () => ({ token_endpoint_auth_methods_supported: ['client_secret_post'] })),
      'M06 warn',
      0,
    ],
    [
      'keys cached for two days',
      (healthy) => ({
        ...healthy,
        [PATHS.asKeys]: { ...healthy[PATHS.asKeys], headers: { 'cache-control': 'max-age=172800' } },
      }),
      'M07 warn',
      0,
    ],
    ['no metadata at the server', replace(PATHS.as, () => ({ status: 404 })), 'R01 fail'],
    ['an issuer in capitals', edit(PATHS.as, (origin) => ({ issuer: `${origin}/AS` })), 'R01 fail'],
    ['no jwt-bearer', edit(PATHS.as, () => ({ grant_types_supported: [] })), 'R02 fail'],
    [
      'no profile',
      edit(PATHS.as, () => ({ authorization_grant_profiles_supported: undefined })),
      'R03 warn',
      0,
    ],
    [
      'the keys of the IdP',
      (healthy) => ({ ...healthy, [PATHS.asKeys]: healthy[PATHS.idpKeys] ?? {} }),
      'R04 fail',
    ],
    [
      'the keys of the IdP, by another kid',
      (healthy, origin) =>
        replace(PATHS.asKeys, () => {
          const { keys } = healthy[PATHS.idpKeys]?.body as { readonly keys: readonly object[] }
          return { body: { keys: keys.map((key) => ({ ...key, kid: 'another' })) } }
        })(healthy, origin),
      'R04 fail',
    ],
    ['no introspection', edit(PATHS.as, () => ({ introspection_endpoint: undefined })), 'R08 info', 0],
    ['an open API', replace(PATHS.api, () => ({ status: 200 })), 'P01 warn', 0],
    [
      'a challenge without metadata',
      replace(PATHS.api, () => ({ status: 401, headers: { 'www-authenticate': 'Bearer' } })),
      'P01 warn',
      0,
    ],
    [
      'metadata of another resource',
      edit(PATHS.apiMetadata, (origin) => ({ resource: `${origin}/api/` })),
      'P02 fail',
    ],
    [
      'another authorization server',
      edit(PATHS.apiMetadata, () => ({ authorization_servers: ['https://as.example'] })),
      'P03 fail',
    ],
    [
      'a scope that nobody grants',
      edit(PATHS.apiMetadata, () => ({ scopes_supported: ['read', 'burn'] })),
      'P04 warn',
      0,
    ],
    [
      'a redirect',
      replace(PATHS.idp, () => ({ status: 302, headers: { location: 'https://idp.example/' } })),
      'N04 fail',
    ],
    [
      'a clock one hour ahead',
      (healthy) => ({
        ...healthy,
        [PATHS.as]: {
          ...healthy[PATHS.as],
          headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
        },
      }),
      'E01 fail',
    ],
  ])('with %s', async (_, change, expected, exitCode = 3) => {
    const diagnosis = await examine(change)
    expect([diagnosis.told, diagnosis.exitCode]).toEqual([[expected], exitCode])
    for (const { what, saw, why, fix } of diagnosis.details)
      expect([what, saw, why, fix].every((text) => text !== undefined && text !== '')).toBe(true)
  })

  const OTHER_FORM = '/idp/.well-known/openid-configuration'
  test.each<[string, (healthy: Readonly<Record<string, Reply>>, origin: string) => Record<string, Reply>]>([
    [
      'a redirect at the other URL of the metadata',
      (healthy) => ({
        [PATHS.idp]: { status: 302, headers: { location: '/sign-in' } },
        [OTHER_FORM]: healthy[PATHS.idp] ?? {},
      }),
    ],
    [
      'the metadata of another issuer at the other URL',
      (healthy, origin) => ({
        [PATHS.idp]: { body: { issuer: origin } },
        [OTHER_FORM]: healthy[PATHS.idp] ?? {},
      }),
    ],
    [
      'an error page with status 200 at the other URL',
      (healthy) => ({
        [PATHS.idp]: { body: { error: 'not found' } },
        [OTHER_FORM]: healthy[PATHS.idp] ?? {},
      }),
    ],
    [
      'only OAuth metadata at the IdP',
      (healthy) => ({
        [PATHS.idp]: { status: 404 },
        '/.well-known/oauth-authorization-server/idp': healthy[PATHS.idp] ?? {},
      }),
    ],
    [
      'only OpenID Connect metadata at the authorization server',
      (healthy) => ({
        [PATHS.as]: { status: 404 },
        '/as/.well-known/openid-configuration': healthy[PATHS.as] ?? {},
      }),
    ],
    [
      'OAuth metadata behind the path of the authorization server, beside that of OpenID Connect',
      (healthy) => ({
        [PATHS.as]: { status: 404 },
        '/as/.well-known/oauth-authorization-server': healthy[PATHS.as] ?? {},
        '/as/.well-known/openid-configuration': healthy[PATHS.as] ?? {},
      }),
    ],
    [
      'a redirect at the metadata URL of the root, when the API has its own',
      () => ({ '/.well-known/oauth-protected-resource': { status: 302, headers: { location: '/sign-in' } } }),
    ],
  ])('is healthy with %s', async (_, change) => {
    const { told, exitCode } = await examine((healthy, origin) => ({
      ...healthy,
      ...change(healthy, origin),
    }))
    expect([told, exitCode]).toEqual([[], 0])
  })

  it.each([
    ['no metadata of its issuer, but that of its root', 'M02 fail', (origin: string) => ({ issuer: origin })],
    ['metadata without an issuer', 'M02 fail', () => ({ issuer: undefined })],
  ])('with %s', async (_, expected, members) => {
    const { told } = await examine(edit(PATHS.idp, members))
    expect(told).toEqual([expected])
  })

  it.each([
    ['M01 fail', 'idp'],
    ['R01 fail', 'as'],
  ] as const)(
    'with OAuth metadata behind the path only, where few clients look: %s',
    async (expected, party) => {
      const { told, details } = await examine((healthy) => ({
        ...healthy,
        [PATHS[party]]: { status: 404 },
        [`/${party}/.well-known/oauth-authorization-server`]: healthy[PATHS[party]] ?? {},
      }))
      expect(told).toEqual([expected])
      const usual = `${new URL(partner.idp).origin}/.well-known/oauth-authorization-server/${party}`
      expect(details[0]).toMatchObject({
        expected: usual,
        fix: `Serve it at ${usual} too (RFC 8414 section 3.1).`,
      })
    },
  )

  it('with an API that announces no metadata is examined by the document that names it', async () => {
    const { told, findings } = await examine((healthy) => ({
      ...healthy,
      [PATHS.api]: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
      [PATHS.apiMetadata]: { body: { error: 'not found' } },
      '/.well-known/oauth-protected-resource': healthy[PATHS.apiMetadata] ?? {},
    }))
    expect(told).toEqual(['P01 warn'])
    expect(findings.find(({ id }) => id === 'P02')?.result).toBe('pass')
  })

  it('with an API that redirects to a page for sign-in has a warning, and is examined all the same', async () => {
    const location = 'https://app.example/sign-in'
    const { told, details, findings, exitCode } = await examine(
      replace(PATHS.api, () => ({ status: 302, headers: { location } })),
    )
    expect([told, exitCode]).toEqual([['P01 warn'], 0])
    expect(details[0]).toMatchObject({
      what: 'It redirects a request without a token',
      saw: expect.stringContaining(`302 to ${location}`),
    })
    expect(findings.filter(({ id }) => id === 'P02').map(({ result }) => result)).toEqual(['pass'])
  })

  it('may name the metadata in any of its challenges', async () => {
    const bearer = (origin: string) => `Bearer resource_metadata="${origin}${PATHS.apiMetadata}"`
    for (const before of ['DPoP algs="ES256"', 'Basic realm="api"', 'Bearer realm="api"']) {
      const header = (origin: string) => ({ 'www-authenticate': `${before}, ${bearer(origin)}` })
      const { told } = await examine(
        replace(PATHS.api, (origin) => ({ status: 401, headers: header(origin) })),
      )
      expect(told).toEqual([])
    }
  })

  const TYPE = 'content-type'
  /** @param path - where the healthy document is served with these headers, and this text or another */
  const serveAs =
    (
      path: string,
      headers: Record<string, string>,
      write = (text: string): string | Buffer => text,
    ): Change =>
    (healthy) => ({ ...healthy, [path]: { headers, body: write(JSON.stringify(healthy[path]?.body)) } })
  const JSON_HEADERS = { [TYPE]: 'application/json' }
  it.each<[string, Change, readonly string[], string?]>([
    ['a charset', serveAs(PATHS.idp, { [TYPE]: 'application/json; charset=UTF-8' }), []],
    ['another type of JSON', serveAs(PATHS.idpKeys, { [TYPE]: 'application/jwk-set+json' }), []],
    ['metadata as text', serveAs(PATHS.idp, { [TYPE]: 'text/plain' }), ['M01 fail'], 'text/plain instead of'],
    [
      'metadata as a signed request',
      serveAs(PATHS.idp, { [TYPE]: 'application/oauth-authz-req+jwt' }),
      ['M01 fail'],
      'application/oauth-authz-req+jwt instead of',
    ],
    ['metadata without a type', serveAs(PATHS.as, { [TYPE]: '' }), ['R01 warn'], 'no Content-Type'],
    ['keys as text', serveAs(PATHS.idpKeys, { [TYPE]: 'text/plain' }), ['M05 fail'], 'text/plain instead of'],
    [
      'keys of the server as bytes',
      serveAs(PATHS.asKeys, { [TYPE]: 'application/octet-stream' }),
      ['M05 warn'],
      'application/octet-stream instead of',
    ],
    [
      'metadata of the API as text',
      serveAs(PATHS.apiMetadata, { [TYPE]: 'text/plain' }),
      ['P02 warn'],
      'text/plain instead of',
    ],
    [
      'a byte order mark',
      serveAs(PATHS.idp, JSON_HEADERS, (text) => `\uFEFF${text}`),
      ['M01 fail'],
      'a byte order mark',
    ],
    ['an array', serveAs(PATHS.as, JSON_HEADERS, (text) => `[${text}]`), ['R01 fail'], 'JSON, but no object'],
    [
      'a comma too many',
      serveAs(PATHS.idp, JSON_HEADERS, (text) => `${text.slice(0, -1)},}`),
      ['M01 fail'],
      'no JSON',
    ],
    [
      'more than 256 KiB',
      serveAs(PATHS.idp, JSON_HEADERS, (text) => `${' '.repeat(256 * 1024)}${text}`),
      ['M01 fail'],
      'over 256 KiB',
    ],
    [
      'Latin-1',
      serveAs(PATHS.idp, JSON_HEADERS, (text) =>
        Buffer.from(`${text.slice(0, -1)},"name":"Zo\u00e9"}`, 'latin1'),
      ),
      ['M01 fail'],
      'not UTF-8',
    ],
    [
      'a member twice',
      serveAs(PATHS.apiMetadata, JSON_HEADERS, (text) => `${text.slice(0, -1)},"a":1,"a":2}`),
      ['P02 warn'],
      'a member that is named twice',
    ],
    [
      'compressed metadata',
      serveAs(PATHS.idp, { ...JSON_HEADERS, 'content-encoding': 'gzip' }, (text) => gzipSync(text)),
      ['M01 fail'],
      'encoded as gzip',
    ],
  ])('with %s is examined by the rules for documents', async (_, change, expected, saw) => {
    const { told, details } = await examine(change)
    expect(told).toEqual(expected)
    if (saw !== undefined) expect(details[0]?.saw).toContain(`→ 200, ${saw}`)
  })

  it('receives no request if a challenge leads to another origin', async () => {
    const elsewhere = await startPartner()
    try {
      const header = { 'www-authenticate': `Bearer resource_metadata="${elsewhere.origin}/metadata"` }
      const { told } = await examine(replace(PATHS.api, () => ({ status: 401, headers: header })))
      expect(told).toEqual([])
      expect(elsewhere.seen).toEqual([])
    } finally {
      await elsewhere.stop()
    }
  })

  it('that is unreachable is reported once, and other checks are skipped', async () => {
    const gone = await startPartner()
    await gone.stop()
    const { told, findings } = await doctor(['--idp', gone.idp, '--as', gone.as, '--resource', gone.api])
    expect(told).toEqual(['N02 fail'])
    expect(findings.find(({ id }) => id === 'N02')?.subject.split(', ')).toEqual([
      gone.idp,
      gone.as,
      gone.api,
    ])
    expect(findings.filter(({ result }) => result === 'skipped').length).toBeGreaterThan(15)
  })

  it.each<[string, string, string]>([
    ['hangs up', '', 'closed the connection without a response'],
    ['speaks another protocol', 'SSH-2.0-OpenSSH\r\n', 'does not respond with HTTP'],
  ])('that %s is not called unreachable', async (_, text, what) => {
    const other = createSocketServer((socket) => socket.on('error', () => undefined).end(text))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(other.address() as AddressInfo).port}`
    try {
      const { told, details } = await doctor(['--idp', `http://${host}`])
      expect([told, details[0]?.what]).toEqual([['N02 fail'], `${host} ${what}`])
    } finally {
      other.close()
    }
  })

  it('that only a proxy may reach is named once, unless the proxy is not for this host', async () => {
    const gone = await startPartner()
    await gone.stop()
    const args = ['--idp', gone.idp, '--as', gone.as]
    const proxy = { HTTP_PROXY: 'http://proxy.corp.example:3128', NO_PROXY: 'localhost,.corp.example' }
    const { told, details } = await doctor(args, proxy)
    expect([told, details[0]?.what]).toEqual([
      ['E03 warn', 'N02 fail'],
      expect.stringContaining('perhaps through the proxy in HTTP_PROXY'),
    ])
    expect((await doctor(args, { ...proxy, NO_PROXY: '127.0.0.1' })).told).toEqual(['N02 fail'])
    partner.change(undefined)
    expect((await doctor(['--idp', partner.idp], proxy)).told).toEqual([])
  })

  it('goes into a file for support, whose content is listed first, without secrets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-bundle-'))
    const file = join(folder, 'support.json')
    const secret = 'a secret that some server echoes'
    const owner = 'ada@corp.example'
    partner.change(
      edit(PATHS.idp, () => ({ op_policy_uri: `https://x.example/?s=${secret}`, contact: owner })),
    )
    const run = (answers?: readonly string[]) =>
      crosswalk(['doctor', '--idp', partner.idp, '--resource', partner.api, '--bundle', file], {
        env: { CROSSWALK_IDP_SECRET: secret },
        ...(answers === undefined ? {} : { answers }),
      })
    try {
      expect((await run(['n'])).err).toContain('nothing was written')
      expect(existsSync(file)).toBe(false)
      const { exitCode, err } = await run(['y'])
      expect([exitCode, err]).toEqual([0, expect.stringContaining(`GET ${partner.origin}${PATHS.idp} → 200`)])
      const text = readFileSync(file, 'utf8')
      const bundle = JSON.parse(text) as { schema: string; findings: object[]; responses: object[] }
      expect([bundle.schema, bundle.findings.length > 10, bundle.responses.length]).toEqual([
        'crosswalk.support/v1',
        true,
        6,
      ])
      expect(text).toContain(partner.idp)
      for (const hidden of [secret, owner]) expect(text).not.toContain(hidden)
      expect(statSync(file).mode & 0o077).toBe(0)
      // Without a terminal no question is asked, and a file is never overwritten.
      expect(await run()).toMatchObject({ exitCode: 7, err: expect.stringContaining('EEXIST') })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('whose URL contains a user name is not requested, and its password is shown nowhere', async () => {
    const { host } = new URL(partner.origin)
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-user-info-'))
    const file = join(folder, 'support.json')
    partner.change(undefined)
    const before = partner.seen.length
    try {
      for (const user of ['bob:s3cret', 's3cret'])
        for (const more of [['-v'], ['-o', 'json'], ['-o', 'sarif'], ['--bundle', file]]) {
          const urls = ['--idp', `http://${user}@${host}/idp`, '--resource', `http://${user}@${host}/api`]
          const { exitCode, out, err } = await crosswalk(['doctor', ...urls, ...more])
          expect([exitCode, out]).toEqual([3, expect.stringContaining('The URL contains a user name')])
          expect(out).toContain(`http://…@${host}/idp`)
          expect(out + err).not.toContain('s3cret')
          if (existsSync(file)) expect(readFileSync(file, 'utf8')).not.toContain('s3cret')
          rmSync(file, { force: true })
        }
    } finally {
      rmSync(folder, { recursive: true })
    }
    expect(partner.seen.length).toBe(before)
    partner.change(edit(PATHS.idp, () => ({ jwks_uri: `http://bob:s3cret@${host}/idp/jwks` })))
    const { findings, told } = await doctor(['--idp', partner.idp])
    expect([told, JSON.stringify(findings)]).toEqual([['N03 fail'], expect.not.stringContaining('s3cret')])
  })

  it('exits with 11 for warnings with --strict, and shows what to do', async () => {
    partner.change(edit(PATHS.as, () => ({ authorization_grant_profiles_supported: undefined })))
    const { exitCode, out } = await crosswalk(['doctor', '--as', partner.as, '--strict'])
    expect(exitCode).toBe(11)
    expect(out).toMatch(
      /^! R03 {2}Clients cannot discover .*\n {7}at .*\n {7}saw .*\n {7}expected .*\n {7}why .*\n {7}fix /,
    )
    expect(out).toMatch(/\d+ passed · 0 failed · 1 warning\n$/)
  })

  it('does not count problems that are ignored by id, and rejects an unknown id', async () => {
    partner.change(edit(PATHS.idp, () => ({ identity_chaining_requested_token_types_supported: [] })))
    const run = (...more: string[]) => crosswalk(['doctor', '--idp', partner.idp, '--strict', ...more])
    const { exitCode, out } = await run('--ignore', 'M04', 'M06')
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(/0 warnings · 1 skipped because of --ignore\n$/),
    ])
    expect(await run('--ignore', 'M06')).toMatchObject({ exitCode: 11 })
    expect(await run('--ignore', 'M4')).toMatchObject({ exitCode: 2, err: expect.stringContaining('M4') })
  })

  it('checks the file of the server if nothing is named, and requires something to check', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-doctor-file-'))
    const file = join(folder, 'crosswalk.yaml')
    const env = { CROSSWALK_CONFIG: file }
    try {
      const none = await crosswalk(['doctor'], { env })
      expect([none.exitCode, none.err]).toEqual([2, expect.stringContaining(`there is no ${file}`)])
      writeFileSync(file, 'baseUrl: 7')
      const { exitCode, out } = await crosswalk(['doctor'], { env })
      expect([exitCode, out]).toEqual([3, expect.stringContaining(`${file}:1`)])
      // What is named is checked alone.
      expect((await crosswalk(['doctor', '--idp', partner.idp], { env })).exitCode).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a plain OpenID Provider', () => {
  it('is healthy and can be a subject issuer, but issues no ID-JAGs', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const provider = new Provider(issuer, { features: { devInteractions: { enabled: false } } }).callback()
    server.on('request', (request, response) => void provider(request, response))
    const { told, exitCode } = await doctor(['--idp', issuer])
    const upstream = await doctor(['--upstream', issuer])
    const slash = await doctor(['--upstream', `${issuer}/`])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect([told, exitCode]).toEqual([['M03 fail'], 3])
    expect([upstream.told, upstream.exitCode]).toEqual([['U05 info'], 0])
    expect(slash.told).toContain('U02 fail')
  })
})

describe('endpoints that a page calls', () => {
  const ORIGIN = 'https://app.example'
  let partner: Partner
  let issuer: string
  const server = createServer()
  beforeAll(async () => {
    partner = await startPartner()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    // It answers preflight requests for its token endpoint.
    const provider = new Provider(issuer, {
      clientBasedCORS: () => true,
      features: { devInteractions: { enabled: false } },
    }).callback()
    server.on('request', (request, response) => void provider(request, response))
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await partner.stop()
  })

  const examine = async (...args: string[]) =>
    (await doctor([...args, '--origin', ORIGIN])).findings.filter(({ id }) => id === 'N07')

  it('are called from pages if the server allows their origin', async () => {
    expect((await examine('--idp', issuer)).map(({ result }) => result)).toEqual(['pass'])
    const cors = {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-headers': 'Authorization, Content-Type',
    }
    partner.change(replace(PATHS.api, () => ({ status: 204, headers: cors })))
    expect((await examine('--resource', partner.api)).at(-1)?.result).toBe('pass')
  })

  it.each<[string, Record<string, string>]>([
    ['no origin', {}],
    ['another origin', { 'access-control-allow-origin': 'https://other.example' }],
    [
      'any header but Authorization',
      { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' },
    ],
  ])('are not if it allows %s', async (_, headers) => {
    partner.change(replace(PATHS.api, () => ({ status: 204, headers })))
    expect((await examine('--resource', partner.api)).at(-1)).toMatchObject({
      result: 'warn',
      subject: partner.api,
      what: expect.stringContaining(`Pages of ${ORIGIN} cannot call`),
    })
  })

  it('need an origin, not another URL', async () => {
    const run = await crosswalk(['doctor', '--idp', issuer, '--origin', `${ORIGIN}/page`])
    expect(run).toMatchObject({ exitCode: 2, err: expect.stringContaining('an origin, such as') })
  })
})

describe('Crosswalk', () => {
  let server: TestServer
  const TOKEN = 'an admin token of more than 32 characters'
  beforeAll(async () => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  })
  afterAll(() => server.stop())

  it('from outside: a healthy IdP and authorization server', async () => {
    const issuer = `${server.baseUrl}/as/vendor`
    const { told, exitCode } = await doctor(['--idp', server.baseUrl, '--as', issuer])
    expect([told, exitCode]).toEqual([[], 0])
    expect((await doctor(['--server', server.baseUrl])).told).toEqual([])
  })

  it('by its file: every problem, or everything the file refers to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-doctor-'))
    const strong = (text: string) =>
      text.replaceAll(/"(other|todo0 api) secret"/g, '"$1 secret of 32 characters or more"')
    const write = (name: string, file: object) => {
      writeFileSync(join(folder, name), strong(JSON.stringify(file)))
      return join(folder, name)
    }
    const listen = { host: '127.0.0.1', port: Number(new URL(server.baseUrl).port) }
    const file = { baseUrl: server.baseUrl, listen, ...company(server.baseUrl) }
    try {
      const good = await doctor(['--config', write('good.json', file)])
      expect(good.told.filter((it) => !it.startsWith('N02'))).toEqual([])
      expect(good.findings.find(({ id }) => id === 'F01')?.result).toBe('pass')
      const bad = await doctor([
        '--config',
        write('bad.json', { ...file, unheard: true, clockSkewSeconds: 61 }),
      ])
      expect([bad.told, bad.exitCode]).toEqual([['F01 fail', 'F01 fail'], 3])
      const { out } = await crosswalk(['doctor', '--config', join(folder, 'bad.json'), '-o', 'sarif'])
      const [scan] = (JSON.parse(out) as { runs: { results: { locations: object[] }[] }[] }).runs
      expect(scan?.results.map(({ locations }) => locations[0])).toContainEqual(
        expect.objectContaining({
          physicalLocation: {
            artifactLocation: { uri: join(folder, 'bad.json') },
            region: { startLine: expect.any(Number) },
          },
        }),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('from inside: both ends of every connection, owners, the chain, and one request', async () => {
    const args = ['--server', server.baseUrl, '--app', 'agent0', '--audience', `${server.baseUrl}/as/vendor`]
    const env = { CROSSWALK_ADMIN_TOKEN: TOKEN }
    const alice = await doctor([...args, '--user', 'alice', '--scope', 'todos.read'], env)
    // The test company runs no API; X05 sends no resource, which two products require.
    expect(alice.told.filter((it) => !it.startsWith('N02'))).toEqual(
      ['X05 fail', 'O01 warn', 'O05 warn', 'O07 warn', 'O02 info'].toSorted(),
    )
    expect(alice.details.find(({ id }) => id === 'O01')?.fix).toBe(
      'Set `owners` of agent0 in the configuration file.',
    )
    expect(
      alice.findings.filter(({ subject }) => subject === 'connection agent0-todo0').map(({ id }) => id),
    ).toEqual(['R05', 'C03', 'X04', 'X07', 'J06', 'C07'])
    expect((await crosswalk(['doctor', ...args, '--user', 'alice'], { env: {} })).exitCode).toBe(4)
    expect((await crosswalk(['doctor', ...args], { env })).exitCode).toBe(2)
  })

  it('from inside: stored policy tests that fail', async () => {
    const admin = adminOf(server.baseUrl)
    const test = {
      name: 'bob reads',
      who: 'user:bob',
      app: 'agent0',
      at: 'todo0',
      expect: { outcome: 'allow' },
    }
    const headers = { 'crosswalk-override': 'policy-tests', 'crosswalk-reason': 'wanted' }
    const kept = await admin('POST', '/policy-suites', { body: { id: 'wishes', tests: [test] }, headers })
    expect(kept.status).toBe(201)
    const { details } = await doctor(['--server', server.baseUrl], { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN })
    expect(details.find(({ id }) => id === 'O06')).toMatchObject({
      result: 'warn',
      what: '1 of 1 policy tests fail',
      saw: 'wishes: bob reads',
    })
  })
})

it('from inside: an agent without an owner, a connection without an end, and the commands that set both', async () => {
  const empty = { apps: [], connections: [] }
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl, { idp: empty }) })
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
  const find = async (id: string) =>
    (await doctor(['--server', server.baseUrl], env)).findings.find((finding) => finding.id === id)
  try {
    const admin = adminOf(server.baseUrl)
    const bot = { id: 'bot', name: 'Bot', kind: 'agent', auth: { method: 'client_secret_basic' } }
    expect((await admin('POST', '/apps', { body: bot })).status).toBe(201)
    const ends = { id: 'bot-todo0', app: 'bot', resourceApp: 'todo0', clientId: 'bot', status: 'active' }
    const made = await admin('POST', '/connections', {
      body: { ...ends, resources: [TODO], scopes: ['todos.read'] },
      headers: { 'crosswalk-reason': 'test' },
    })
    expect(made.status).toBe(201)
    for (const id of ['O01', 'O02']) {
      const found = await find(id)
      expect(found?.result).not.toBe('pass')
      const [, command = ''] = /^npx crosswalk (.*)$/.exec(found?.fix ?? '') ?? []
      const words = command.replace(' USER ', ' alice ').replace('"…"', 'test').split(' ')
      expect(await crosswalk(words, { env })).toMatchObject({ exitCode: 0 })
      expect((await find(id))?.result).toBe('pass')
    }
  } finally {
    await server.stop()
  }
})

it('from inside: an old secret, a missing drill and an unused connection, and what resolves each', async () => {
  const DAY_MS = 86_400_000
  let nowMs = Date.now() - 400 * DAY_MS
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl), clock: { nowMs: () => nowMs } })
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
  const find = async (id = 'C05') =>
    (await doctor(['--server', server.baseUrl], env)).findings.find((finding) => finding.id === id)
  try {
    const admin = adminOf(server.baseUrl)
    const app = {
      id: 'old',
      name: 'Old',
      kind: 'web',
      redirectUris: ['https://old.example/'],
      assignments: {},
    }
    const auth = { method: 'client_secret_basic' }
    expect((await admin('POST', '/apps', { body: { ...app, auth } })).status).toBe(201)
    expect((await find())?.result).toBe('pass')
    nowMs += 400 * DAY_MS
    expect(await find()).toMatchObject({
      result: 'warn',
      what: expect.stringContaining('Old has used the same secret'),
    })
    const { etag } = await admin('GET', '/apps/old')
    const renewed = {
      body: { auth: { ...auth, secret: 'a new secret of 32 characters or more' } },
      headers: { 'if-match': etag ?? '' },
    }
    expect((await admin('PATCH', '/apps/old', renewed)).status).toBe(200)
    expect((await find())?.result).toBe('pass')
    expect(await find('O07')).toMatchObject({ result: 'warn', what: 'No kill switch drill has run yet.' })
    expect(await find('O05')).toMatchObject({ result: 'warn', saw: 'no drill' })
    const { logs } = (await admin('GET', '/audit-events/verify')).body as AnswerTo<'audit.verify'>
    const chains = logs.flatMap(({ chain, head }) => (head.seq > 0 ? [{ chain, ...head }] : []))
    expect((await admin('POST', '/restore-drills', { body: { chains } })).status).toBe(200)
    expect((await find('O05'))?.result).toBe('pass')
    expect(await find('O08')).toMatchObject({
      result: 'info',
      saw: expect.stringMatching(/^\d connections: /),
    })
    for (const id of ['O07', 'O08']) {
      let found = await find(id)
      // One connection after the other
      for (let tries = 0; found?.result !== 'pass' && tries < 5; tries += 1) {
        const [, command = ''] = /^npx crosswalk (.*)$/.exec(found?.fix ?? '') ?? []
        const words = command.replace('app/APP', 'app/agent0').replace('"…"', 'test').split(' ')
        expect(await crosswalk(words, { env })).toMatchObject({ exitCode: 0 })
        found = await find(id)
      }
      expect(found?.result).toBe('pass')
    }
  } finally {
    await server.stop()
  }
})

it('from inside: nodes behind one address that do not share a database', async () => {
  const nodes = [await startTestServer({ file: company }), await startTestServer({ file: company })]
  let turn = 0
  const balancer = createServer((incoming, outgoing) => {
    const { port } = new URL(nodes[turn++ % nodes.length]?.baseUrl ?? '')
    const { method, url: path, headers } = incoming
    const passed = request({ port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  try {
    const find = async (server: string | undefined) => {
      const { findings } = await doctor(['--server', server ?? ''], { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN })
      return findings.find(({ id }) => id === 'O04')?.result
    }
    expect(await find(nodes[0]?.baseUrl)).toBe('pass')
    expect(await find(`http://127.0.0.1:${(balancer.address() as AddressInfo).port}`)).toBe('fail')
  } finally {
    balancer.close()
    for (const node of nodes) await node.stop()
  }
})

it('from inside: keys of an issuer that cannot be fetched, and the command that shows why', async () => {
  const gone = await startPartner()
  await gone.stop()
  const trustedIssuers = [{ issuer: gone.idp, jwksUri: `${gone.origin}${PATHS.idpKeys}` }]
  const server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { authorizationServer: { trustedIssuers } }),
  })
  try {
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    const find = async (id = 'N05') =>
      (await doctor(['--server', server.baseUrl], env)).findings.find((finding) => finding.id === id)
    expect((await find('E05'))?.result).toBe('pass')
    expect((await find())?.result).toBe('pass')
    const { privateKey } = await generateKeyPair('ES256')
    const idJag = await new SignJWT({ client_id: AGENT_AT_VENDOR.id, resource: TODO, scope: 'todos.read' })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-id-jag+jwt', kid: 'one' })
      .setIssuer(gone.idp)
      .setAudience(`${server.baseUrl}/as/vendor`)
      .setSubject('usr_1')
      .setJti('jti_1')
      .setIssuedAt()
      .setExpirationTime('1 minute')
      .sign(privateKey)
    expect((await redeem(server.baseUrl, idJag)).status).toBe(503)
    const found = await find()
    expect(found).toMatchObject({ result: 'fail', saw: expect.stringMatching(/^dec_/) })
    const [, words = ''] = /npx crosswalk (explain .+)$/.exec(found?.fix ?? '') ?? []
    const explained = await crosswalk(words.split(' '), { env })
    expect(explained.out).toContain('XAA2204')
  } finally {
    await server.stop()
  }
})
