// The `client` command of the conformance tool: our SDKs as an MCP client, with the tool's MCP and authorization servers. Checks that the tool
// cannot make, because it expects a consent screen, are made from its log and the client's.
import { beforeAll, describe, expect, it } from 'vitest'

import type { ClientEnd, Scenario } from './client-under-test.ts'
import { findUnexplained, listNotRun } from './find-unexplained.ts'
import { listenForClients } from './listen-for-clients.ts'
import { listScenarios, readToolVersion, runTool, type ScenarioResult } from './run-tool.ts'

const CLIENT_TIMEOUT_MS = 120_000
const TOOL_TIMEOUT_MS = 200_000
const CLIENT = `"${process.execPath}" src/mcp-conformance/client-relay.mjs`

const EMA = 'auth/enterprise-managed-authorization'
const NEW_WIRE = ['--spec-version', '2026-07-28', '--force']

/** Servers that announce no ID-JAG support. Their other checks are about grants that our client does not use. */
const TAKES_NO_ID_JAG = [
  ...['supported', 'not-advertised', 'supported-missing', 'wrong-issuer', 'unexpected', 'normalized'].map(
    (name) => `auth/iss-${name}`,
  ),
  ...['default', 'var1', 'var2', 'var3'].map((name) => `auth/metadata-${name}`),
  ...['basic', 'post', 'none'].map((name) => `auth/token-endpoint-auth-${name}`),
  'auth/basic-cimd',
  'auth/pre-registration',
  'auth/offline-access-scope',
  'auth/offline-access-not-supported',
  'auth/authorization-server-migration',
  'auth/client-credentials-jwt',
  'auth/client-credentials-basic',
]
const BEFORE_METADATA = [
  'auth/2025-03-26-oauth-metadata-backcompat',
  'auth/2025-03-26-oauth-endpoint-fallback',
]

const listed = await listScenarios('client')
const notRun = listNotRun('client')

interface Run {
  /** Name of ours */
  readonly name: string
  readonly args: readonly string[]
  /** Version of the official SDK below ours */
  readonly sdk: Scenario['sdk']
}

/** In addition to all scenarios with the tool's default version. */
const VARIANTS: readonly Run[] = [
  { name: 'auth/scope-step-up', args: ['--scenario', 'auth/scope-step-up', ...NEW_WIRE], sdk: 'v2' },
  { name: `${EMA} 2026-07-28`, args: ['--scenario', EMA, ...NEW_WIRE], sdk: 'v2' },
  { name: `${EMA} by SDK 1`, args: ['--scenario', EMA], sdk: 'v1' },
]
/** Every scenario of the tool runs, unless a reason is given. */
const NAMES = new Set([
  ...listed.filter((name) => !notRun.includes(name)),
  ...VARIANTS.map(({ name }) => name),
])
const CONCURRENT = 3

const found = new Map<string, ScenarioResult>()

beforeAll(async () => {
  await using clients = await listenForClients()
  const run = (args: readonly string[], sdk: Scenario['sdk']) => {
    const client = ['--command', `${CLIENT} ${clients.url} ${sdk}`, '--timeout', String(CLIENT_TIMEOUT_MS)]
    return runTool(['client', ...client, ...args], { timeoutMs: TOOL_TIMEOUT_MS })
  }
  // One process per suite, since the tool takes longer to load than to run.
  for (const suite of ['auth', 'extensions', 'backcompat']) {
    for (const result of await run(['--suite', suite], 'v2')) found.set(result.scenario, result)
  }
  const inNoSuite = [...NAMES].filter((name) => !found.has(name) && listed.includes(name))
  const waiting: Run[] = inNoSuite.map((name) => ({ name, args: ['--scenario', name], sdk: 'v2' }))
  waiting.push(...VARIANTS)
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [result] = await run(next.args, next.sdk)
      if (result !== undefined) found.set(next.name, result)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
}, 4 * TOOL_TIMEOUT_MS)

describe('our MCP client', () => {
  it('is tested by the version whose findings are explained', () => {
    expect(readToolVersion()).toBe('0.2.0-alpha.12')
  })

  it('runs in every scenario of the tool, or has a reason not to', () => {
    expect(notRun.filter((name) => !listed.includes(name))).toEqual([])
    expect(new Set(notRun).size).toBe(notRun.length)
    expect(NAMES.size).toBe(listed.length - notRun.length + 2)
  })

  it('has no unexplained finding', () => {
    expect([...found.keys()].toSorted()).toEqual([...NAMES].toSorted())
    expect(findUnexplained('client', [...found.values()])).toEqual([])
  })

  it.each([EMA, `${EMA} 2026-07-28`, `${EMA} by SDK 1`])(
    '%s: goes through both exchanges and calls the tool',
    (name) => {
      expect(readEnd(name)).toEqual({ outcome: 'done', exchanges: [''], redemptions: [200] })
      expect(listPassed(name)).toEqual(
        expect.arrayContaining([
          'complete-flow-token-exchange',
          'complete-flow-jwt-bearer',
          'valid-bearer-token',
        ]),
      )
    },
  )

  it('auth/dpop: binds its token and sends a new proof with each request (DPOP-14)', () => {
    expect(readEnd('auth/dpop')).toEqual({ outcome: 'done', exchanges: [''], redemptions: [200] })
    expect(listPassed('auth/dpop')).toEqual(
      expect.arrayContaining(['sep-1932-client-dpop-auth-scheme', 'sep-1932-client-fresh-proof']),
    )
    expect(findGrants('auth/dpop')).toEqual(['urn:ietf:params:oauth:grant-type:jwt-bearer'])
    expect(listAnswers('auth/dpop')).toMatchObject([{ statusCode: 200, body: { token_type: 'DPoP' } }])
  })

  it('auth/dpop-nonce: uses the nonce of each server (DPOP-14)', () => {
    expect(readEnd('auth/dpop-nonce')).toEqual({ outcome: 'done', exchanges: [''], redemptions: [400, 200] })
    expect(listPassed('auth/dpop-nonce')).toContain('sep-1932-client-rs-nonce')
    expect(listAnswers('auth/dpop-nonce')).toMatchObject([
      { statusCode: 400, body: { error: 'use_dpop_nonce' } },
      { statusCode: 200, body: { token_type: 'DPoP' } },
    ])
  })

  it.each([
    ['auth/metadata-issuer-mismatch', 'XAA4003', 'sep-2468-client-validate-metadata-issuer'],
    ['auth/resource-mismatch', 'XAA4006', 'resource-mismatch-rejected'],
  ])('%s: fails with %s before requesting access', (name, outcome, check) => {
    expect(readEnd(name)).toEqual({ outcome, exchanges: [], redemptions: [] })
    expect(listPassed(name)).toContain(check)
  })

  it.each(TAKES_NO_ID_JAG)('%s: sends nothing to a server without ID-JAG support', (name) => {
    expect(readEnd(name)).toEqual({ outcome: 'XAA5004', exchanges: [], redemptions: [] })
    expect(findGrants(name)).toEqual([])
    expect(listPassed(name)).toContain('authorization-server-metadata')
  })

  it.each(BEFORE_METADATA)('%s: sends nothing if the resource names no authorization server', (name) => {
    expect(readEnd(name)).toEqual({ outcome: 'XAA4001', exchanges: [], redemptions: [] })
    expect(findGrants(name)).toEqual([])
  })

  it('auth/wif-jwt-bearer: sends a rejected assertion once, and tries no other grant (CLI-14, CLI-15)', () => {
    expect(readEnd('auth/wif-jwt-bearer')).toEqual({
      outcome: 'XAA5008',
      exchanges: [''],
      redemptions: [400],
    })
    expect(findGrants('auth/wif-jwt-bearer')).toEqual(['urn:ietf:params:oauth:grant-type:jwt-bearer'])
  })

  it.each(['auth/scope-from-scopes-supported', 'auth/scope-omitted-when-undefined'])(
    '%s: asks for what the organisation gives where no one asks for scopes',
    (name) => {
      expect(readEnd(name)).toEqual({ outcome: 'done', exchanges: [''], redemptions: [200] })
    },
  )

  it('auth/scope-step-up: requests the union of current and required scopes (STEP-08)', () => {
    expect(readEnd('auth/scope-step-up').exchanges).toEqual(['mcp:basic', 'mcp:basic mcp:write'])
  })

  it('auth/scope-retry-limit: gives up after one retry (STEP-08)', () => {
    const { outcome, exchanges, redemptions } = readEnd('auth/scope-retry-limit')
    expect({ exchanges, redemptions }).toEqual({
      exchanges: ['mcp:basic', 'mcp:basic mcp:admin'],
      redemptions: [200, 200],
    })
    expect(outcome).toMatch(/^XAA3/)
    expect(findGrants('auth/scope-retry-limit')).toHaveLength(2)
  })
})

function readEnd(name: string): ClientEnd {
  const lines = found.get(name)?.clientOutput.trim().split('\n') ?? []
  return JSON.parse(lines.at(-1) ?? '') as ClientEnd
}

function listPassed(name: string): readonly string[] {
  return (found.get(name)?.checks ?? []).filter(({ status }) => status === 'SUCCESS').map(({ id }) => id)
}

/** @returns the grant types that the tool's authorization server received */
function findGrants(name: string): readonly unknown[] {
  return (found.get(name)?.checks ?? [])
    .filter(({ id, status }) => id === 'token-request' && status === 'SUCCESS')
    .map(({ details }) => details?.['grantType'])
}

/** @returns the token responses of the tool's authorization server */
function listAnswers(name: string): readonly unknown[] {
  return (found.get(name)?.checks ?? [])
    .filter(({ id, details }) => id === 'outgoing-auth-response' && details?.['path'] === '/token')
    .map(({ details }) => details)
}
