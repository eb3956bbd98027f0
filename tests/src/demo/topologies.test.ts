// The other topologies, each run once as a user would: a single company, and a gateway.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

async function playOnce(topology: string): Promise<string> {
  const args = ['start', '--silent', '--', '--once', '--port-base', '0', '--topology', topology]
  return (await promisify(execFile)('npm', args, { cwd: ROOT })).stdout
}

describe('npm start -- --once --topology', () => {
  it('single: IdP and authorization server in one process, under two issuers (S1, S2, S3)', async () => {
    const output = await playOnce('single')
    expect(output).toMatch(/\n\d+ legs ended as expected, 0 did not\n$/)
    const exchange = /exchange {4}200 {2}POST ([\d.:]+)\/token/.exec(output)?.[1]
    const redemption = /redemption {2}200 {2}POST ([\d.:]+)\/as\/todo0\/token/.exec(output)?.[1]
    expect(exchange).toBeDefined()
    expect(redemption).toBe(exchange)
    expect(output).toContain("ok    carol opens Todo0's own page and finds the same list")
  })

  it('gateway: no page, no accounts, the tools of both products behind one resource (S12)', async () => {
    const output = await playOnce('gateway')
    expect(output).toMatch(/\n\d+ legs ended as expected, 0 did not\n$/)
    expect(output).toMatch(/redemption {2}200 {2}POST [\d.:]+\/as\/gateway0\/token/)
    expect(output).toContain('Gateway0 has no page.')
    expect(output).toContain('Agent0: You have 2 notes:')
    expect(output).toMatch(/"add note hello"\n {8}exchange {4}400 .*invalid_scope {2}XAA1602 {2}dec_/)
  })
})
