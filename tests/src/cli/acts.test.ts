// `crosswalk request`, `block` and `capabilities` against a running server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

const admin = (args: readonly string[]) =>
  crosswalk([...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
  })
const simulate = (user: string) =>
  admin([
    ...['simulate', '--app', AGENT.id, '--user', user, '--audience', `${server.baseUrl}/as/vendor`],
    ...['--resource', TODO],
  ])

describe('request', () => {
  const ask = async () => {
    const wish = ['--user', 'bob', '--app', AGENT.id, '--resource-app', 'todo0', '--scope', 'todos.read']
    const { out } = await admin(['request', 'create', ...wish, '--reason', 'quarter end', '-o', 'json'])
    return (JSON.parse(out) as { id: string }).id
  }

  it('is created, listed, shown and declined', async () => {
    const id = await ask()
    expect((await admin(['request', 'list', '--state', 'open'])).out).toMatch(
      new RegExp(`^id .*\n${id} +open +usr_bob`),
    )
    expect((await admin(['request', 'show', id])).out).toMatch(
      /open\n {2}for {6}usr_bob through agent0 at todo0: todos\.read/,
    )
    const declined = await admin(['request', 'deny', id, '--reason', 'not needed'])
    expect([declined.exitCode, declined.out]).toEqual([
      0,
      expect.stringMatching(/declined[^]*decided {2}by .*: not needed/),
    ])
    expect((await admin(['request', 'approve', id])).exitCode).toBe(7)
  })

  it('is approved over a file connection by an access grant, which is listed and revoked', async () => {
    expect((await simulate('bob')).exitCode).toBe(3)
    const until = ['--until', '2099-01-01T00:00:00Z']
    const approved = await admin(['request', 'approve', await ask(), ...until])
    const id = /granted {2}(acg_\w+): todos\.read over agent0-todo0 until 2099/.exec(approved.out)?.[1] ?? ''
    expect([approved.exitCode, approved.err]).toEqual([0, ''])
    expect((await simulate('bob')).exitCode).toBe(0)
    const listed = await admin(['grant', 'list', '--connection', 'agent0-todo0', '--active'])
    expect(listed.out).toContain(`${id}  active  usr_bob`)
    const revoked = await admin(['grant', 'revoke', id, '--reason', 'over'])
    expect([revoked.exitCode, revoked.out]).toEqual([0, expect.stringMatching(/^acg_\w+ {2}revoked/)])
    expect((await simulate('bob')).exitCode).toBe(3)
    const about = ['--connection', 'agent0-todo0', '--user', 'bob', '--scope', 'todos.read']
    const granted = await admin(['grant', 'create', ...about, '--reason', 'sprint'])
    expect([granted.exitCode, granted.err]).toEqual([
      0,
      expect.stringMatching(/^this access does not expire/),
    ])
    expect((await simulate('bob')).exitCode).toBe(0)
    expect((await admin(['request', 'show', 'none'])).exitCode).toBe(6)
  })
})

describe('block', () => {
  it('denies from then on, is listed, and ends', async () => {
    expect((await simulate('alice')).exitCode).toBe(0)
    const added = await admin(['block', 'add', 'user', 'alice', '--reason', 'lost laptop'])
    expect([added.exitCode, added.out]).toEqual([
      0,
      expect.stringMatching(/^✓ user usr_alice blocked {2}blk_/),
    ])
    const id = /blk_\w+/.exec(added.out)?.[0] ?? ''
    expect((await simulate('alice')).out).toMatch(/XAA1901/)
    expect((await admin(['block', 'list'])).out).toMatch(
      new RegExp(`${id} +user +usr_alice +active .*lost laptop`),
    )
    const wish = ['--user', 'alice', '--app', AGENT.id, '--resource-app', 'todo0', '--scope', 'todos.read']
    const asked = await admin(['request', 'create', ...wish, '--reason', 'sprint', '-o', 'json'])
    const { id: request } = JSON.parse(asked.out) as { id: string }
    const approved = await admin(['request', 'approve', request, '--until', '30d'])
    expect([approved.exitCode, approved.err]).toEqual([
      0,
      expect.stringMatching(/^still denied: XAA1901 .*\n$/),
    ])
    expect((await admin(['block', 'lift', id, '--reason', 'found'])).exitCode).toBe(0)
    expect((await simulate('alice')).exitCode).toBe(0)
    expect((await admin(['block', 'lift', id])).exitCode).toBe(6)
    expect((await admin(['block', 'add', 'user', '--reason', 'x'])).exitCode).toBe(2)
  })
})

describe('capabilities', () => {
  it('are read from the metadata', async () => {
    const idp = await crosswalk(['capabilities', server.baseUrl])
    expect([idp.exitCode, idp.out]).toEqual([
      0,
      expect.stringMatching(/✓ issues ID-JAGs[^]*– accepts ID-JAGs/),
    ])
    const vendor = await crosswalk(['capabilities', `${server.baseUrl}/as/vendor`, '-o', 'json'])
    const { capabilities } = JSON.parse(vendor.out) as {
      capabilities: readonly { id: string; supported: boolean }[]
    }
    const supported = capabilities.flatMap((it) => (it.supported ? [it.id] : []))
    expect(supported).toEqual(expect.arrayContaining(['redeems', 'redeems-id-jag', 'introspection']))
    expect(supported).not.toContain('issues-id-jag')
    expect((await crosswalk(['capabilities', `${server.baseUrl}/nowhere`])).exitCode).toBe(8)
  })

  it.each([
    ['idp.example', 2, /^error: idp\.example is not a URL\nfix: write the complete URL/],
    ['http://127.0.0.1:9', 8, /^error: 127\.0\.0\.1:9 cannot be reached\nfix: Check that the server runs/],
  ])('of %s say why there is no answer', async (issuer, exitCode, said) => {
    expect(await crosswalk(['capabilities', issuer])).toEqual({
      exitCode,
      out: '',
      err: expect.stringMatching(said),
    })
  })
})
