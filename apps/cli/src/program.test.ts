// The command line as terminals and scripts see it: results on standard output, everything else on standard error.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'

import { type CommandSurroundings, runCrosswalk } from './testing/run-crosswalk.ts'

const NOW_SECONDS = 1_800_000_000
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const crosswalk = (args: readonly string[], surroundings: CommandSurroundings = {}) =>
  runCrosswalk(args, { ...surroundings, nowMs: () => NOW_SECONDS * 1000 })

function writeFile(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('usage', () => {
  it.each([
    [['--help']],
    [['serve', '--help']],
    [['config', 'check', '--help']],
    [['token', 'inspect', '--help']],
  ])('%j prints help on standard output', async (args) => {
    const { exitCode, out, err } = await crosswalk(args)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(/^Usage: crosswalk/)
  })

  it.each([[['help', 'config', 'check']], [['config', 'help', 'check']], [['config', 'check', '-h']]])(
    '%j prints the help of the command',
    async (args) => {
      expect(await crosswalk(args)).toEqual(await crosswalk(['config', 'check', '--help']))
    },
  )

  it.each([
    [60, 60],
    [200, 100],
    [undefined, 100],
  ])('help on a terminal of %s columns has lines of at most %i', async (columns, most) => {
    const { out } = await crosswalk(['doctor', '--help'], columns === undefined ? {} : { columns })
    const longest = Math.max(...out.split('\n').map(({ length }) => length))
    expect([longest <= most, longest > most - 15]).toEqual([true, true])
  })

  it('--version prints only the version', async () => {
    expect(await crosswalk(['--version'])).toEqual({ exitCode: 0, out: '0.1.0\n', err: '' })
  })

  it.each([
    ['no command', [], /no command given/],
    ['an unknown command', ['dance'], /unknown command 'dance'/],
    ['an unknown subcommand', ['config', 'chek'], /unknown command 'chek'/],
    ['help for an unknown command', ['help', 'dance'], /unknown command 'dance'/],
    ['--help for an unknown command', ['dance', '--help'], /unknown command 'dance'/],
    ['help for an unknown subcommand', ['config', 'help', 'chek'], /unknown command 'chek'/],
    [
      'an unknown kind',
      ['kill', 'dance'],
      /^error: 'dance' is not a valid <kind>\. Allowed choices are user, /,
    ],
    ['an unknown option', ['serve', '--port', '1'], /unknown option '--port'/],
    ['an end of what is followed', ['audit', 'tail', '--until', '1h'], /unknown option '--until'/],
    ['an unknown format', ['config', 'check', '-o', 'xml'], /'xml' is invalid/],
    ['too few workers', ['serve', '--workers', '0'], /'0' is invalid/],
    ['workers that are not a number', ['serve', '--workers', '2x'], /'2x' is invalid/],
  ])('%s exits with 2 and prints a fix', async (_title, args, message) => {
    const { exitCode, out, err } = await crosswalk(args)
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).toMatch(/^fix: /m)
  })

  it.each([
    ['a missing option', ['grant', 'create', '--user', 'alice'], 'npx crosswalk grant create --help'],
    ['a missing argument', ['connection', 'show'], 'npx crosswalk connection show --help'],
    ['an unknown subcommand', ['audit', 'streams', 'dance'], 'npx crosswalk audit streams --help'],
    ['an unknown command', ['dance'], 'npx crosswalk --help'],
    ['a kind given as a command', ['block', 'user', 'bob'], 'npx crosswalk block add user …'],
    ['a command given in the wrong group', ['decisions', 'explain', 'dec_1'], 'npx crosswalk explain --help'],
  ])('%s points to the help of its command', async (_, args, help) => {
    expect((await crosswalk(args)).err).toMatch(new RegExp(`^fix: (see|write) \`${help}\`$`, 'm'))
  })

  it.each([
    [['--profile', 'x', 'whoami'], '--profile'],
    [['audit', '-o', 'json', 'list'], '-o'],
  ])('%j has an option before its command, which the fix says', async (args, flag) => {
    expect((await crosswalk(args)).err).toContain(`fix: write ${flag} after the command`)
  })

  it.each([
    [['app', 'create', '--id', 'planner'], '--id', 'app create ID'],
    [['connection', 'suspend', '--id=a-b', '--reason', 'x'], '--id=a-b', 'connection suspend ID'],
    [['review', 'items', '--id', 'rev_1'], '--id', 'review items ID'],
  ])(
    '%j has an argument as an option, which the fix says without another suggestion',
    async (args, flag, usage) => {
      expect((await crosswalk(args)).err).toBe(
        `error: unknown option '${flag}'\nfix: write it without --id: \`npx crosswalk ${usage} …\`\n`,
      )
    },
  )

  it.each([
    [['config', 'check', 'crosswalk.yaml'], 'name the file with --config'],
    [['whoami', 'me'], 'see `npx crosswalk whoami --help`'],
  ])('%j has an argument too many, and the fix is: %s', async (args, fix) => {
    expect((await crosswalk(args)).err).toMatch(/^error: too many arguments/)
    expect((await crosswalk(args)).err).toContain(`fix: ${fix}\n`)
  })

  it('suggests an option of a similar name', async () => {
    expect((await crosswalk(['app', 'create', '--kin', 'web'])).err).toContain(
      "'--kin' (Did you mean --kind?)",
    )
  })

  it.each([
    [['app', 'list', '--json'], 'write -o json'],
    [['decisions', 'list', '--jq', '.items'], 'write -o json, and pipe the output into jq'],
    [['completion', '--json'], 'see `npx crosswalk completion --help`'],
  ])('%j has an option of another command line, and the fix is: %s', async (args, fix) => {
    expect((await crosswalk(args)).err).toContain(`fix: ${fix}\n`)
  })

  it.each([
    [['simulate'], '--app <id>, --user <id-or-name>, --audience <issuer>'],
    [['simulate', '--app', 'agent0'], '--user <id-or-name>, --audience <issuer>'],
    [['connection', 'suspend'], '<id>, --reason <text>'],
    [['connection', 'suspend', 'con_1'], '--reason <text>'],
    [['connection', 'suspend', '--reason', 'quarter ends'], '<id>'],
  ])('%j lists everything missing together', async (args, missing) => {
    const { exitCode, err } = await crosswalk(args)
    expect([exitCode, err.split('\n')[0]]).toEqual([2, `error: missing ${missing}`])
  })

  it('help groups the commands by purpose', async () => {
    const { out } = await crosswalk(['--help'])
    expect(out).toMatch(/Define access:\n {2}connection /)
    expect(out).toMatch(/Respond to an incident:\n {2}block /)
    expect(out).not.toMatch(/^Commands:/m)
  })

  it.each([
    ['-o json', ['-o', 'json'], {}],
    ['CROSSWALK_OUTPUT=json', [], { CROSSWALK_OUTPUT: 'json' }],
  ])('an error is also one JSON document with %s', async (_, options, env) => {
    const missing = ['token', 'inspect', join(folder, 'missing')]
    const { exitCode, out } = await crosswalk([...missing, ...options], { env })
    const { out: plain } = await crosswalk([...missing, '-o', 'text'], { env })
    expect(plain).toBe('')
    expect(exitCode).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: { exit_code: 2, message: expect.stringContaining('ENOENT') as string },
    })
  })
})

const VALID = `baseUrl: http://127.0.0.1:4000
database: postgres://crosswalk:database-password@localhost/crosswalk
admin: { token: "\${TOKEN}" }
idp:
  users: [{ id: u1, username: u1, password: user-password }]
  apps: [{ id: a, name: A, kind: web, auth: { method: client_secret_post, secret: client-secret-of-32-random-characters } }]
`
const TOKEN = 'admin-token-0123456789-0123456789-x'

const TEN_MISTAKES = `baseUrl: http://idp.acme.test
listen: { port: 70000 }
databse: sqlite:x
admin: { token: short }
clockSkewSeconds: 61
idp:
  idJagTtlSeconds: 301
  users:
    - { id: u1, username: u1, password: "\${NOT_SET}" }
    - { id: u1, username: u2, password: pw }
  apps:
    - { id: a, name: A, kind: robot, auth: { method: none } }
  connections:
    - { id: c, app: a, resourceApp: nowhere, status: draft }
`

it.each(['--server', '--idp', '--as', '--resource', '--upstream', '--trusted'])(
  'doctor %s needs no configuration file',
  async (target) => {
    const { err } = await crosswalk(['doctor', target, 'http://127.0.0.1:9'])
    expect(err).not.toContain('nothing to check')
  },
)

describe('config check', () => {
  it('confirms that a file is valid, and summarizes it', async () => {
    const file = writeFile('valid.yaml', VALID)
    const { exitCode, out, err } = await crosswalk(['config', 'check', '--config', file], { env: { TOKEN } })
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^OK: .*valid\.yaml is valid: 1 user, 1 app, 0 resource apps, 0 connections, 0 policies, .*\n$/,
    )
  })

  it('prints the effective configuration without secrets on --show', async () => {
    const file = writeFile('valid.yaml', VALID)
    const args = ['config', 'check', '--show', '--config', file]
    const { exitCode, out, err } = await crosswalk(args, { env: { TOKEN } })
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toContain('idJagTtlSeconds: 300')
    expect(out).not.toMatch(/database-password|user-password|client-secret\b|admin-token/)
  })

  it('prints exactly one JSON document', async () => {
    const file = writeFile('valid.yaml', VALID)
    const { exitCode, out } = await crosswalk(['config', 'check', '-c', file, '-o', 'json'], {
      env: { TOKEN },
    })
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      schema: 'crosswalk.config-check/v1',
      ok: true,
      configuration: {
        idp: { issuer: 'http://127.0.0.1:4000', users: [{ id: 'u1', password: '********' }] },
      },
    })
    expect(out).not.toMatch(/database-password|user-password|admin-token/)
  })

  it.each([['config', 'check'], ['serve']])(
    '%s %s lists ten mistakes with line and fix, and exits with 2',
    async (...command) => {
      const file = writeFile('mistakes.yaml', TEN_MISTAKES)
      const { exitCode, out, err } = await crosswalk([...command.filter(Boolean), '--config', file])
      expect([exitCode, out]).toEqual([2, ''])
      const problems = [...err.matchAll(/mistakes\.yaml:(\d+): .*\n {2}fix: .+/g)]
      expect(problems.map(([, line]) => Number(line))).toEqual([1, 2, 3, 4, 5, 7, 9, 10, 12, 14])
      expect(err).toMatch(/error: 10 problems in .*mistakes\.yaml/)
    },
  )

  it('a missing file is a problem with a fix', async () => {
    const { exitCode, err } = await crosswalk(['serve', '--config', join(folder, 'none.yaml')])
    expect(exitCode).toBe(2)
    expect(err).toMatch(/none\.yaml:1: the file cannot be read \(ENOENT\)\n {2}fix: /)
  })

  it('reads the file name from the environment', async () => {
    const file = writeFile('valid.yaml', VALID)
    process.env['CROSSWALK_CONFIG'] = file
    try {
      expect((await crosswalk(['config', 'check'], { env: { TOKEN } })).exitCode).toBe(0)
    } finally {
      delete process.env['CROSSWALK_CONFIG']
    }
  })
})

describe('token inspect', () => {
  const claims = { iss: 'https://a.test', sub: 'u', aud: 'https://b.test', client_id: 'c', jti: 'j' }
  const keys = generateKeyPair('ES256')

  async function sign(
    payload: Record<string, unknown>,
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const { privateKey } = await keys
    return new SignJWT({ iat: NOW_SECONDS - 60, exp: NOW_SECONDS + 240, ...payload })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(privateKey)
  }

  async function inspect(token: string, ...options: readonly string[]) {
    const result = await crosswalk(['token', 'inspect', '-o', 'json', ...options], { stdin: token })
    return {
      ...result,
      document: JSON.parse(result.out) as Record<string, unknown> & { lints: { id: string }[] },
    }
  }

  it.each([
    ['oauth-id-jag+jwt', {}, 'id-jag'],
    ['application/at+jwt', {}, 'access-token'],
    ['dpop+jwt', {}, 'dpop-proof'],
    ['logout+jwt', {}, 'logout-token'],
    ['JWT', { nonce: 'n' }, 'id-token'],
    ['JWT', {}, 'jwt'],
    ['something-else', {}, 'jwt'],
  ])('typ %s with %j is of kind %s', async (typ, more, kind) => {
    expect((await inspect(await sign({ ...claims, ...more }, { typ }))).document['kind']).toBe(kind)
  })

  const IN_ORDER: readonly string[] = []
  it.each([
    ['nothing', {}, IN_ORDER],
    ['no jti', { jti: undefined }, ['no-jti']],
    ['no client_id', { client_id: undefined }, ['no-client_id']],
    ['one audience in a list', { aud: ['https://b.test'] }, ['audience-list']],
    ['two audiences', { aud: ['https://b.test', 'https://c.test'] }, ['audience-list']],
    ['300 seconds of life', { exp: NOW_SECONDS + 240 }, IN_ORDER],
    ['301 seconds of life', { exp: NOW_SECONDS + 241 }, ['lifetime']],
    ['its end now', { exp: NOW_SECONDS }, ['expired']],
    ['its end in a second', { exp: NOW_SECONDS + 1 }, IN_ORDER],
    ['a start in a second', { iat: NOW_SECONDS + 1 }, ['not-yet-valid']],
    ['milliseconds', { exp: NOW_SECONDS * 1000 }, ['milliseconds', 'lifetime']],
    ['scopes in a list', { scope: ['a'] }, ['scope-list']],
    ['an unverified address', { email: 'a@b.test' }, ['unverified-email']],
    ['a verified address', { email: 'a@b.test', email_verified: true }, IN_ORDER],
  ])('an ID-JAG with %s: %j', async (_title, change, lints) => {
    const token = await sign({ ...claims, ...change }, { typ: 'oauth-id-jag+jwt' })
    const { document, exitCode } = await inspect(token)
    expect(document.lints.map(({ id }) => id)).toEqual(lints)
    expect(exitCode).toBe(0)
  })

  it('shows kind, times and lints, and no terminal control characters', async () => {
    const token = await sign({ ...claims, jti: undefined, sub: 'u\u001b[2J' }, { typ: 'oauth-id-jag+jwt' })
    const { out, exitCode } = await crosswalk(['token', 'inspect', writeFile('t.jwt', `Bearer ${token}\n`)])
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^ID-JAG; signature not checked/)
    expect(out).toContain(`(in 4 min)`)
    expect(out).toContain('✕ jti is missing (no-jti)')
    expect(out).not.toContain('\u001b')
  })

  it('quotes suspicious values without terminal control characters', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const header = encode({ alg: 'ES256', typ: 'no\u009b2J' })
    const { out } = await crosswalk([
      'token',
      'inspect',
      writeFile('typ.jwt', `${header}.${encode(claims)}.AA`),
    ])
    expect(out).toContain('typ is "no\ufffd2J"')
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('checks the signature only with keys, and exits with 3 if none of them made it', async () => {
    const { publicKey } = await keys
    const own = writeFile(
      'own.json',
      JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }),
    )
    const { publicKey: other } = await generateKeyPair('ES256')
    const foreign = writeFile(
      'foreign.json',
      JSON.stringify({ keys: [{ ...(await exportJWK(other)), kid: 'k1' }] }),
    )
    const token = await sign(claims)
    expect((await inspect(token)).document['signature']).toBeNull()
    expect(await inspect(token, '--jwks', own)).toMatchObject({
      exitCode: 0,
      document: { signature: { valid: true } },
    })
    expect(await inspect(token, '--jwks', foreign)).toMatchObject({
      exitCode: 3,
      document: { signature: { valid: false, reason: 'none of the keys made this signature' } },
    })
  })

  it.each([
    ['', 'no token'],
    ['a.b.c', 'no JWT'],
    ['eyJhbGciOiJFUzI1NiJ9', 'one part'],
  ])('%j is rejected with exit code 2', async (stdin) => {
    const { exitCode, err } = await crosswalk(['token', 'inspect'], { stdin })
    expect(exitCode).toBe(2)
    expect(err).toMatch(/^error: not a JWT\nfix: /)
  })

  it('an argument that is a token is not repeated, and the fix says how to pass it', async () => {
    const token = await sign(claims)
    const { exitCode, err } = await crosswalk(['token', 'inspect', token])
    expect(exitCode).toBe(2)
    expect(err).toMatch(/^error: this is a token, not the name of a file\nfix: .*standard input/)
    expect(err).not.toContain(token.slice(0, 20))
  })

  it('an unreachable JWKS URL exits with 8', async () => {
    const { exitCode, err } = await crosswalk(['token', 'inspect', '--jwks', 'http://127.0.0.1:1/jwks'], {
      stdin: await sign(claims),
    })
    expect(exitCode).toBe(8)
    expect(err).toMatch(/cannot be fetched/)
  })
})
