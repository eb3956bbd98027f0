// What operators see under normal load: access log, metrics, and the alerts and dashboards based on them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import type { AccessLogLine } from '../../../apps/server/src/http/access-log-line.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'

const DEPLOY = new URL('../../../deploy/', import.meta.url)
const RULES = new URL('prometheus/crosswalk-alerts.yaml', DEPLOY)
const RULE_TESTS = new URL('alerts.test.yaml', import.meta.url)
const DASHBOARD = new URL('grafana/crosswalk-dashboard.json', DEPLOY)

/** The published schema, checked by a different implementation than the one that generated it. */
const isLine = new Ajv2020({ formats: { 'date-time': true } }).compile<AccessLogLine>(
  JSON.parse(
    readFileSync(new URL('../../../docs/reference/access-log.schema.json', import.meta.url), 'utf8'),
  ) as object,
)
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

let folder = ''
let lines: readonly AccessLogLine[] = []
let text = ''
let metrics = ''
const secrets: string[] = [PASSWORD, AGENT.secret, AGENT_AT_VENDOR.secret, 'usr_alice', 'alice@acme.test']

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-observe-'))
  const to = join(folder, 'logs', 'access.log')
  const server = await startTestServer({
    file: (baseUrl) => ({
      ...company(baseUrl),
      accessLog: { to },
      audit: {
        streams: [{ id: 'siem', type: 'http', url: 'http://127.0.0.1:9/', secret: 's'.repeat(43) }],
      },
    }),
  })
  const { idToken, accessToken, refreshToken } = await signInFor(server.baseUrl, 'alice')
  const granted = await exchange(server.baseUrl, idToken, { resource: TODO })
  const idJag = String(granted.body.access_token)
  const redeemed = await redeem(server.baseUrl, idJag)
  const bob = await signInFor(server.baseUrl, 'bob')
  await exchange(server.baseUrl, bob.idToken, { resource: TODO })
  await redeem(server.baseUrl, idJag)
  await postForm(`${server.baseUrl}/token`, { grant_type: 'made-up', client_id: 'nobody' })
  await fetch(`${server.baseUrl}/admin/api/v1/users/usr_alice?token=in-a-query`, {
    headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
  })
  secrets.push(idToken, accessToken, refreshToken, idJag, String(redeemed.body.access_token), 'in-a-query')
  metrics = await (await fetch(`${server.baseUrl}/metrics`)).text()
  await server.stop()
  text = readFileSync(to, 'utf8')
  lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AccessLogLine)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the access log', () => {
  const decided = () => lines.filter(({ decision }) => decision !== undefined)

  it('has a line per leg, with decision, code, status and a hash of the user', () => {
    expect(
      decided().map(({ role, path, grant, outcome, code, status }) =>
        [role, path, grant, outcome, code, status].join(' '),
      ),
    ).toEqual([
      'idp /token authorization_code allow XAA0000 200',
      'idp /token token_exchange allow XAA0000 200',
      'as:vendor /as/vendor/token jwt_bearer allow XAA0000 200',
      'idp /token authorization_code allow XAA0000 200',
      expect.stringMatching(/^idp \/token token_exchange deny XAA\d{4} 400$/),
      expect.stringMatching(/^as:vendor \/as\/vendor\/token jwt_bearer deny XAA\d{4} 400$/),
      expect.stringMatching(/^idp \/token other deny XAA1006 400$/),
    ])
    const [alice, bob] = decided().filter(({ grant }) => grant === 'token_exchange')
    expect(alice).toMatchObject({ client: AGENT.id, user: expect.any(String), trace: expect.any(String) })
    expect(bob?.user).toBeDefined()
    expect(bob?.user).not.toBe(alice?.user)
  })

  it('has lines that match the published schema exactly', () => {
    expect(lines.flatMap((line) => (isLine(line) ? [] : [{ line, errors: isLine.errors }]))).toEqual([])
    expect(isLine({ ...lines[0], email: 'alice@acme.test' })).toBe(false)
    expect(isLine({ ...lines[0], user: 'usr_alice' })).toBe(false)
  })

  it('has a line for other requests, without ids and query', () => {
    expect(lines.find(({ role }) => role === 'admin')).toMatchObject({
      method: 'GET',
      path: '/admin/api/v1/users/:id',
      status: 401,
      trace: TRACE,
    })
  })

  it('contains no token, secret, password or username', () => {
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})

describe('metrics', () => {
  it('count token requests by grant, outcome and code, and time them', () => {
    expect(metrics).toContain(
      'crosswalk_token_requests_total{grant="token_exchange",outcome="allow",code="XAA0000"} 1',
    )
    expect(metrics).toContain('crosswalk_token_requests_total{grant="other",outcome="deny",code="XAA1006"} 1')
    expect(metrics).toContain('crosswalk_token_request_duration_seconds_count{grant="token_exchange"} 2')
    expect(metrics).not.toContain('made-up')
    expect(metrics).toMatch(/^crosswalk_commit_batch_entries_count [1-9]/m)
    expect(metrics).toMatch(/^crosswalk_definitions_revision \d/m)
  })
})

describe('alerts and dashboards', () => {
  const NAME = /\b(?:crosswalk|nodejs|process)_[a-z0-9_]+/g
  const listExpressions = (): readonly string[] => {
    const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: { expr: string }[] }[] }
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
      panels: { targets: { expr: string }[] }[]
    }
    return [
      ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ]
  }

  it('use only metrics that the server exports', () => {
    const used = new Set(listExpressions().flatMap((expression) => expression.match(NAME) ?? []))
    const exported = new Set(metrics.match(/^# TYPE (\S+)/gm)?.map((line) => line.slice('# TYPE '.length)))
    const baseOf = (name: string) => (exported.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''))
    expect(used.size).toBeGreaterThan(12)
    expect([...used].filter((name) => !exported.has(baseOf(name)))).toEqual([])
    const ours = [...exported].filter((name) => name.startsWith('crosswalk_'))
    const shown = new Set([...used].map(baseOf))
    expect(ours.filter((name) => !shown.has(name))).toEqual([
      'crosswalk_audit_stream_lag_events',
      'crosswalk_audit_stream_failures',
      'crosswalk_security_event_stream_lag_events',
    ])
  })

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0
  it.skipIf(!hasPromtool).each([
    ['valid for Prometheus', ['check', 'rules', RULES.pathname]],
    ['silent and loud when they should be', ['test', 'rules', RULE_TESTS.pathname]],
  ])('the rules are %s (needs promtool of Debian’s prometheus)', (_, args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 })
  })
})
