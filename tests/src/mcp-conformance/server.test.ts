// The `server` command of the conformance tool against Todo0, with both protocol versions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { findUnexplained, listNotRun } from './find-unexplained.ts'
import { listScenarios, runTool, type ScenarioResult } from './run-tool.ts'
import { startTodo0World, type Todo0World } from './todo0-world.ts'

const TIMEOUT_MS = 120_000
const VERSIONS = ['2025-11-25', '2026-07-28']

let world: Todo0World
const found = new Map<string, readonly ScenarioResult[]>()

beforeAll(async () => {
  world = await startTodo0World()
  for (const version of VERSIONS) {
    const args = [
      'server',
      '--url',
      world.url,
      '--suite',
      'all',
      '--spec-version',
      version,
      '--timeout',
      '60000',
    ]
    found.set(version, await runTool(args, { timeoutMs: TIMEOUT_MS }))
  }
}, TIMEOUT_MS * VERSIONS.length)
afterAll(() => world.stop())

describe('the MCP server of Todo0', () => {
  it('runs in every scenario of the tool, or has a reason not to', async () => {
    const run = new Set([...found.values()].flat().map(({ scenario }) => scenario))
    const listed = await listScenarios('server')
    expect(listed.filter((name) => !run.has(name))).toEqual(listNotRun('server'))
  })

  it('has no unexplained finding', () => {
    expect(findUnexplained('server', [...found.values()].flat())).toEqual([])
  })

  it.each(VERSIONS)('accepts only its own host and origin, %s (DNS rebinding)', (version) => {
    expect(listPassed(version, 'dns-rebinding-protection')).toEqual([
      'localhost-host-rebinding-rejected',
      'localhost-host-valid-accepted',
    ])
  })

  it('passes all mandatory checks', () => {
    const whole = ['dns-rebinding-protection', 'tools-list']
    expect(listWhole('2025-11-25')).toEqual(expect.arrayContaining([...whole, 'ping', 'server-initialize']))
    expect(listWhole('2026-07-28')).toEqual(
      expect.arrayContaining([...whole, 'http-header-validation', 'input-required-result-validate-input']),
    )
    expect(listPassed('2026-07-28', 'server-stateless').length).toBeGreaterThanOrEqual(20)
  })

  it('sends only valid MCP messages', () => {
    const schemas = [...found.values()].flat().flatMap(({ checks }) => checks.filter(isSchemaCheck))
    expect(schemas.length).toBeGreaterThan(20)
    expect(schemas.every(({ status }) => status === 'SUCCESS')).toBe(true)
  })
})

const isSchemaCheck = ({ id }: { readonly id: string }) => id === 'wire-schema-valid'

/** @returns the passed checks of a scenario, except the one that every scenario has */
function listPassed(version: string, scenario: string): readonly string[] {
  const result = found.get(version)?.find((one) => one.scenario === scenario)
  const passed = (result?.checks ?? []).filter((check) => check.status === 'SUCCESS' && !isSchemaCheck(check))
  return passed.map(({ id }) => id)
}

/** @returns the scenarios without findings */
function listWhole(version: string): readonly string[] {
  const whole = (found.get(version) ?? []).filter(({ checks }) =>
    checks.every(({ status }) => status === 'SUCCESS' || status === 'INFO'),
  )
  return whole.map(({ scenario }) => scenario)
}
