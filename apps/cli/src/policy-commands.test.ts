// `crosswalk policy test` and `policy lint` with the shipped example: offline and on a running server.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { loadConfiguration } from '@crosswalk/control'
import { type RunningServer, startServer } from '@crosswalk/server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { renderReplayCsv } from './policy/render-replay-csv.ts'
import { renderReplay } from './policy/render-replay.ts'
import { runCrosswalk } from './testing/run-crosswalk.ts'

const EXAMPLE = fileURLToPath(new URL('../../server/crosswalk.example.yaml', import.meta.url))
const TESTS = fileURLToPath(new URL('../../server/policy-tests.example.yaml', import.meta.url))
const TOKEN = 'an admin token of more than 32 characters'
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-policy-cli-'))
let server: RunningServer

beforeAll(async () => {
  const text = readFileSync(EXAMPLE, 'utf8').replace('./data/crosswalk.db', `${folder}/db.sqlite`)
  const file = write('crosswalk.yaml', text)
  const names = [...text.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map(([, name = '']) => name)
  const environment = {
    ...Object.fromEntries(names.map((name) => [name, `value of ${name}`])),
    CROSSWALK_ADMIN_TOKEN: TOKEN,
    CROSSWALK_PORT: '0',
  }
  const { configuration } = loadConfiguration(file, environment)
  if (configuration === undefined) throw new Error('the example does not load')
  server = await startServer(configuration, {
    environment: { CROSSWALK_KEY: randomBytes(32).toString('hex') },
    log: () => undefined,
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const test = (args: readonly string[]) => crosswalk(['policy', 'test', ...args])

const crosswalk = (args: readonly string[]) => runCrosswalk(args, { env: { CROSSWALK_ADMIN_TOKEN: TOKEN } })

it('reads - from standard input, and names it in problems', async () => {
  const run = (stdin: string) => runCrosswalk(['policy', 'test', '-', '--config', EXAMPLE], { stdin })
  expect(await run(readFileSync(TESTS, 'utf8'))).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^✓ 5 tests passed, 8 requests evaluated\n/),
    err: '',
  })
  expect(await run('suite: todo0\ntests: 7\n')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(
      /^standard input:2: \/tests: .*\nerror: standard input is not a policy test suite\n/s,
    ),
  })
})

it('passes the example, without any secret', async () => {
  const { exitCode, out, err } = await test([TESTS, '--config', EXAMPLE])
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  expect(out).toMatch(
    /^✓ 5 tests passed, 8 requests evaluated\n {2}✓ todo0: engineering can read and write \(1\)\n/,
  )
})

it('has the same result on a server that runs the file', async () => {
  const url = `http://127.0.0.1:${server.port}`
  const online = await test([TESTS, '--server', url, '-o', 'json'])
  const offline = await test([TESTS, '--config', EXAMPLE, '-o', 'json'])
  expect(online).toMatchObject({ exitCode: 0, err: '' })
  expect(JSON.parse(online.out)).toEqual(JSON.parse(offline.out))
})

const FAILING = `suite: wrong
tests:
  - name: sales may "write" # or not
    who: group:sales
    app: agent0
    at: todo0
    ask: [todos.write]
    expect: { outcome: allow }
  - name: no one is meant
    who: group:none
    app: agent0
    at: todo0
    expect: { outcome: deny }
`

it('exits with 3 if a test fails, and shows the decision of the failed request', async () => {
  const file = write('failing.yaml', FAILING)
  const { exitCode, out } = await test([file, '-c', EXAMPLE])
  expect(exitCode).toBe(3)
  expect(out).toContain('✕ 2 of 2 tests failed, 1 request evaluated\n')
  expect(out).toContain(
    'agent0 for bob at http://127.0.0.1:4001/mcp · todos.write: deny XAA1502 (Bob Okafor is not assigned to Todo0.) instead of allow',
  )
  expect(out).toContain('      group:none matches nothing\n')
  const tap = await test([file, '-c', EXAMPLE, '-o', 'tap'])
  expect(tap.exitCode).toBe(3)
  expect(tap.out.split('\n').slice(0, 3)).toEqual([
    'TAP version 14',
    '1..2',
    'not ok 1 - wrong: sales may "write"',
  ])
})

it('fails if one of several suites fails', async () => {
  const files = [TESTS, write('failing.yaml', FAILING)]
  expect((await test([...files, '-c', EXAMPLE])).exitCode).toBe(3)
  expect((await test([...files.toReversed(), '-c', EXAMPLE])).exitCode).toBe(3)
})

it.each([
  ['test', TESTS],
  ['lint', undefined],
])('%s reads a file that is named, although a variable names a server', async (command, file) => {
  vi.stubEnv('CROSSWALK_SERVER', 'http://127.0.0.1:9')
  const { exitCode } = await crosswalk(['policy', command, ...(file ? [file] : []), '-c', EXAMPLE])
  vi.unstubAllEnvs()
  expect(exitCode).toBe(0)
})

it('--mutate needs the definitions, which a server does not give away', async () => {
  const { exitCode, err } = await test([TESTS, '--server', `http://127.0.0.1:${server.port}`, '--mutate'])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('--mutate needs the definitions')])
})

it.each([
  ['no content', '', ':1: this is empty, not an object\n'],
  ['a list', '- suite: a\n', ':1: this is a list, not an object\n'],
  ['a sentence', 'to do\n', ':1: this is text, not an object\n'],
  ['a number', '42\n', ':1: this is a number, not an object\n'],
  ['an undefined alias', 'suite: a\ntests: *none\n', ':2: '],
])('rejects a file with %s', async (_, text, told) => {
  const file = write('no-suite.yaml', text)
  const { exitCode, err } = await test([file, '-c', EXAMPLE])
  expect([exitCode, err]).toEqual([2, expect.stringContaining(`${file}${told}`)])
  expect(err).toContain(
    `error: ${file} is not a policy test suite\nfix: write \`suite\` with a name and \`tests\` with a list of tests; see docs/how-to/test-policies.md\n`,
  )
})

it('reports the same as JUnit XML for build systems, with any characters in names', async () => {
  const passing = await test([TESTS, '--config', EXAMPLE, '-o', 'junit'])
  expect(passing).toMatchObject({ exitCode: 0, err: '' })
  expect(passing.out).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="policy" tests="5" failures="0" errors="0" skipped="0">\n/,
  )
  const odd = FAILING.replace('suite: wrong', 'suite: "a & b"').replace(
    'sales may "write" # or not',
    '"sales <may> \\u0001"',
  )
  const { exitCode, out } = await test([write('odd.yaml', odd), '-c', EXAMPLE, '-o', 'junit'])
  expect(exitCode).toBe(3)
  const why =
    'agent0 for bob at http://127.0.0.1:4001/mcp · todos.write: deny XAA1502 (Bob Okafor is not assigned to Todo0.) instead of allow'
  expect(out.split('\n').slice(1)).toEqual([
    '<testsuites name="policy" tests="2" failures="1" errors="1" skipped="0">',
    '  <testsuite name="a &amp; b" tests="2" failures="1" errors="1" skipped="0">',
    '    <testcase classname="a &amp; b" name="sales &lt;may&gt; \ufffd">',
    `      <failure message="${why}">${why}</failure>`,
    '    </testcase>',
    '    <testcase classname="a &amp; b" name="no one is meant">',
    '      <error message="group:none matches nothing">group:none matches nothing</error>',
    '    </testcase>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ])
})

it('lists rules that no test covers', async () => {
  const policies =
    '  policies:\n    - { id: no-writes, when: { scope: [todos.write] }, effect: deny, state: enforced }\n'
  const config = write(
    'with-policy.yaml',
    readFileSync(EXAMPLE, 'utf8').replace('\nauthorizationServers:', `${policies}\nauthorizationServers:`),
  )
  const suite = write(
    'reading.yaml',
    'suite: r\ntests:\n  - { name: reads, who: "user:alice", app: agent0, at: todo0, ask: [todos.read], expect: { outcome: allow } }\n',
  )
  const { exitCode, out } = await test([suite, '-c', config, '--mutate'])
  expect(exitCode).toBe(0)
  expect(out).toContain('! no test covers policies: no-writes\n')
  expect(out).toContain('mutation: 1 of 2 rule changes were noticed\n')
  expect(out).toContain('! no test would notice no-writes without the rule\n')
})

it.each([
  [
    'a wrong value',
    FAILING.replace('outcome: allow', 'outcome: maybe'),
    ':8: /tests/0/expect/outcome: must be one of ',
  ],
  [
    'an unknown member',
    FAILING.replace('    who: group:sales', '    whom: bob'),
    ':4: /tests/0/whom: is unknown\n',
  ],
  ['a missing member', 'suite: a\n', ':1: /tests: is missing\n'],
  ['a number for a test', 'suite: a\ntests:\n  - 1\n', ':3: /tests/0: must be an object\n'],
  ['invalid YAML', 'suite: [\n', ':2: '],
])('names %s with its line', async (_, text, message) => {
  const file = write('broken.yaml', text)
  const { exitCode, err } = await test([file, '-c', EXAMPLE])
  expect(exitCode).toBe(2)
  expect(err).toContain(`broken.yaml${message}`)
})

it('lists who can reach what, and exits with 3 if no one can', async () => {
  const ask = (...args: string[]) => crosswalk([...args, '--server', `http://127.0.0.1:${server.port}`])
  const who = await ask('who-can', 'todo0', 'todos.write')
  expect(who).toMatchObject({ exitCode: 0, err: '' })
  expect(who.out).toMatch(/^app +for +resource +scopes +after signing in again +connection +through\n/)
  expect(who.out).toMatch(
    /\nagent0 +alice +http:\/\/127\.0\.0\.1:4001\/mcp +todos\.write +agent0-todo0 +group:engineering\n$/,
  )
  expect(await ask('who-can', 'todo0', 'todos.burn')).toMatchObject({ exitCode: 3, out: 'none\n' })
  expect(await ask('who-can', 'nowhere')).toMatchObject({ exitCode: 6 })
  const old = await ask('what-can', '--user', 'alice', '--auth-time', '13h')
  expect(old.out).toContain('todos.read todos.write (no older than 43200 s)')
  expect(await ask('what-can', '--user', 'bob')).toMatchObject({ exitCode: 3 })
  expect(await ask('what-can')).toMatchObject({ exitCode: 2 })
  const matrix = await ask('matrix', '--user', 'alice', 'bob', '--scope', 'todos.read')
  expect(matrix).toMatchObject({ exitCode: 0 })
  expect(matrix.out).toMatch(/^for +agent0-todo0\S*.*\nalice +✓ XAA0000.*\nbob +✕ XAA15/)
  expect((await ask('matrix', '--user', 'bob', '-o', 'csv')).out).toMatch(
    /^for,agent0-todo0.*\r\nbob,deny XAA15/,
  )
  expect(await ask('matrix', '--user', 'bob')).toMatchObject({ exitCode: 3 })
})

it('replays decisions under a draft, and says so if there are no decisions', async () => {
  const draft = write(
    'draft.yaml',
    'idp:\n  policies:\n    - { id: p, when: { app: agent0 }, effect: deny }\n',
  )
  const ask = (...args: string[]) =>
    crosswalk(['policy', 'replay', ...args, '--server', `http://127.0.0.1:${server.port}`])
  const { exitCode, out } = await ask(draft, '--fail-on', 'newly-denied')
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: '0 decisions replayed (none in this period), 0 unchanged\n  no difference\n',
  })
  expect((await ask(draft, '--fail-on', 'nonsense')).exitCode).toBe(2)
  const wrong = write('draft.yaml', 'idp:\n  policies:\n    - id: p\n      effect: maybe\n')
  const refused = await ask(wrong)
  expect(refused.exitCode).toBe(2)
  expect(refused.err).toContain('draft.yaml:4: ')
})

it('shows the differences of a replay, and what it could not determine', () => {
  const example = {
    decisionId: 'dec_1',
    time: '2026-03-02T09:00:00.000Z',
    app: 'agent0',
    user: 'alice',
    target: 'todo0',
    from: 'allow todos.read',
    to: 'deny XAA1701',
    summary: 'A rule refuses it.',
  }
  const shown = renderReplay({
    schema: 'crosswalk.replay/v1',
    sample: { complete: false, since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T09:00:00.000Z' },
    decisions: 12,
    unchanged: 7,
    groups: [{ kind: 'newly_denied', decisions: 2, people: 1, apps: 1, examples: [example] }],
    changedSince: 1,
    indeterminate: { decisions: 2, missing: { dpop: 2 } },
    skipped: { decisions: 1, why: { 'user-gone': 1 } },
  })
  expect(shown.split('\n')).toEqual([
    '12 decisions replayed (the newest only, from 2026-03-01T00:00:00.000Z to 2026-03-02T09:00:00.000Z), 7 unchanged',
    '  newly denied 2 (1 user, 1 app)',
    '      agent0 for alice at todo0: allow todos.read → deny XAA1701  dec_1',
    '      and 1 more',
    '? 2 undetermined: whether there was a DPoP proof (2)',
    '? 1 not replayed: the user no longer exists (1)',
    '! 1 would be decided differently today than recorded, with or without the draft',
    '',
  ])
})

it('escapes names in CSV so that none runs as a formula', () => {
  const example = {
    decisionId: 'dec_1',
    time: '2026-03-02T09:00:00.000Z',
    app: '=HYPERLINK("http://evil.test")',
    user: 'a, b',
    target: '@x',
    from: 'allow',
    to: '-1',
    summary: 'Two\nlines.',
  }
  const groups = [{ kind: 'newly_denied' as const, decisions: 1, people: 1, apps: 1, examples: [example] }]
  const [, row] = renderReplayCsv({ groups } as never).split('\r\n')
  expect(row).toBe(
    'newly_denied,dec_1,2026-03-02T09:00:00.000Z,"\'=HYPERLINK(""http://evil.test"")","a, b",\'@x,allow,\'-1,"Two\nlines."',
  )
})

it('runs the suites in a configuration file, and `config check` applies them', async () => {
  const kept = (outcome: string) =>
    `  policyTests:\n    - id: company-rules\n      tests:\n        - { name: bob stays out, who: "user:bob", app: agent0, at: todo0, expect: { outcome: ${outcome} } }\n`
  const config = (outcome: string) =>
    write(
      'kept.yaml',
      readFileSync(EXAMPLE, 'utf8')
        .replace('\nauthorizationServers:', `${kept(outcome)}\nauthorizationServers:`)
        .replaceAll(/\$\{[A-Z0-9_]+\}/g, 'a secret of more than thirty-two characters'),
    )
  const file = config('deny')
  expect(await test(['-c', file])).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^✓ 1 test passed, 1 request evaluated\n {2}✓ company-rules: bob stays out/),
  })
  expect(await crosswalk(['config', 'check', '-c', file])).toMatchObject({ exitCode: 0, err: '' })
  config('allow')
  const checked = await crosswalk(['config', 'check', '-c', file])
  const line = readFileSync(file, 'utf8').split('\n').indexOf('    - id: company-rules') + 1
  expect(checked.exitCode).toBe(3)
  expect(checked.err).toContain(
    `${file}:${line}: policy test "bob stays out" of company-rules fails: agent0 for bob is deny XAA1502`,
  )
  const json = await crosswalk(['config', 'check', '-c', file, '-o', 'json'])
  expect(json.exitCode).toBe(3)
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ line, severity: 'error' }] })
  expect(await test(['-c', EXAMPLE])).toMatchObject({ exitCode: 2 })
})

const LINTED = `  policies:
    - { id: all, when: { app: agent0, scope: todos.write }, effect: deny }
    - { id: again, when: { app: agent0, scope: todos.write, group: sales }, effect: deny }
    - { id: typo, when: { app: agnt0 }, effect: deny }
    - { id: later, when: { app: agent0, app.kind: service }, effect: deny }
`

describe('policy lint', () => {
  const lint = (args: readonly string[]) => crosswalk(['policy', 'lint', ...args])

  it('finds nothing wrong with the example, without any secret', async () => {
    expect(await lint(['-c', EXAMPLE])).toEqual({
      exitCode: 0,
      out: '✓ 0 policies, no warnings\n',
      err: '',
    })
  })

  it('prints each finding of a file with its line, and exits with 3', async () => {
    const text = readFileSync(EXAMPLE, 'utf8')
    const file = write('linted.yaml', text.replace('\nauthorizationServers:', `\n${LINTED}$&`))
    const line = text.slice(0, text.indexOf('\nauthorizationServers:')).split('\n').length + 2
    const { exitCode, out, err } = await lint(['-c', file])
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: '' })
    expect(out.split('\n')).toEqual([
      '✕ 2 warnings in 4 policies',
      `! ${file}:${line + 1}: policy again/effect: this changes nothing: policy all denies every request that matches`,
      '  fix: remove it, or narrow policy all',
      `i ${file}:${line + 3}: policy later/when: no connection matches these conditions yet`,
      '  fix: change the conditions, or keep the policy for future connections',
      `! ${file}:${line + 2}: policy typo/when/app: there is no app "agnt0"`,
      '  fix: did you mean `agent0`?',
      '',
    ])
  })

  it('finds the same on a server, and succeeds with notes only', async () => {
    const url = `http://127.0.0.1:${server.port}`
    const create = (id: string, when: string) =>
      crosswalk(
        [
          'policy',
          'create',
          '-f',
          write(`${id}.json`, `{"id":"${id}","when":${when},"effect":"deny"}`),
        ].concat('--server', url, '--reason', 'test'),
      )
    expect(await create('later', '{"app":"agent0","app.kind":"service"}')).toMatchObject({ exitCode: 0 })
    const notes = await lint(['--server', url])
    expect(notes).toMatchObject({ exitCode: 0, err: '' })
    expect(notes.out).toContain('i policy later/when: no connection')
    expect(await create('typo', '{"resourceApp":"todo1"}')).toMatchObject({ exitCode: 0 })
    const { exitCode, out } = await lint(['--server', url, '-o', 'json'])
    expect(exitCode).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      schema: 'crosswalk.policy-lint/v1',
      policies: 2,
      items: [
        { policy: 'later', severity: 'info' },
        { policy: 'typo', severity: 'warning', path: '/when/resourceApp', fix: 'did you mean `todo0`?' },
      ],
    })
  })

  it('rejects an invalid file, with each problem and one error', async () => {
    const file = write('broken.yaml', 'idp: [')
    const { exitCode, err } = await lint(['-c', file])
    expect(exitCode).toBe(2)
    expect(err.split('\n').filter((line) => /^(error|fix):/.test(line))).toEqual([
      `error: 1 problem in ${file}`,
      'fix: fix the file, and try again',
    ])
  })
})
