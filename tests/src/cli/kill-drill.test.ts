// `crosswalk kill drill`: the kill switch pressed, watched and lifted, and nothing left behind.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

const admin = (args: readonly string[], answers?: readonly string[]) =>
  crosswalk([...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
    ...(answers === undefined ? {} : { answers }),
  })
const drill = (target: string, ...more: string[]) => admin(['kill', 'drill', target, ...more])
const NOW = ['--yes', '--reason', 'monthly drill']

async function listBlocks() {
  const { out } = await admin(['block', 'list', '-o', 'json'])
  return (JSON.parse(out) as { items: unknown[] }).items
}

describe('kill drill', () => {
  // Alice and carol reach Todo0 and Notes0 through Agent0.
  it.each([
    ['app/agent0', 4],
    ['user/alice', 2],
    ['connection/agent0-todo0', 2],
  ])('of %s sees access to %i apps end and return', async (target, ways) => {
    const drilled = await drill(target, ...NOW, '-o', 'json')
    expect(drilled.exitCode).toBe(0)
    expect(JSON.parse(drilled.out)).toMatchObject({
      schema: 'crosswalk.kill-drill/v1',
      ok: true,
      ways: { before: ways, during: 0, after: ways },
      blockedMs: expect.any(Number),
      effectiveMs: expect.any(Number),
      worstCaseSeconds: expect.any(Number),
    })
    expect(await listBlocks()).toEqual([])
  })

  it('is shown to users, and recorded with its reason', async () => {
    const { out } = await drill('app/agent0', ...NOW)
    expect(out).toMatch(
      /^✓ the kill switch works for app agent0; access is restored\n {2}access {9}4 ways before, 0 while blocked, 4 after/,
    )
    const id = /recorded +(\S+)/.exec(out)?.[1] ?? ''
    const events = await admin(['audit', 'list', '--type', 'kill.pressed,kill.lifted', '-o', 'csv'])
    for (const type of ['kill.pressed', 'kill.lifted'])
      expect(events.out.split('\r\n').find((row) => row.includes(type))).toMatch(/Drill: monthly drill/)
    expect(id).toMatch(/^blk_/)
  })

  it('proves nothing if no access existed', async () => {
    const { exitCode, out } = await drill('user/bob', ...NOW)
    expect([exitCode, out]).toEqual([12, expect.stringMatching(/^\? user bob had no access before/)])
    await admin(['connection', 'suspend', 'agent0-todo0', '--reason', 'test'])
    expect((await drill('connection/agent0-todo0', ...NOW)).exitCode).toBe(12)
    await admin(['connection', 'resume', 'agent0-todo0', '--reason', 'test'])
  })

  it('lifts the block even if access cannot be counted while blocked', async () => {
    const send = fetch
    let counts = 0
    const stub = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (String(input).includes('/what-can') && ++counts > 1) throw new TypeError('fetch failed')
      return send(input, init)
    })
    const drilled = await drill('app/agent0', ...NOW)
    stub.mockRestore()
    expect(drilled.exitCode).toBe(8)
    expect(await listBlocks()).toEqual([])
  })

  it.each([
    ['access remains while it is blocked', [2, 1, 2]],
    ['some access does not return', [2, 0, 1]],
  ])('fails if %s', async (_, counts) => {
    const send = fetch
    const left = [...counts]
    const stub = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (!String(input).includes('/what-can')) return send(input, init)
      return Response.json({ items: Array.from({ length: left.shift() ?? 0 }, () => ({})), next: null })
    })
    const drilled = await drill('app/agent0', ...NOW)
    stub.mockRestore()
    expect([drilled.exitCode, drilled.out.split('\n').slice(0, 2)]).toEqual([
      3,
      [
        '✕ the kill switch does not work for app agent0',
        `  access         ${counts[0]} ways before, ${counts[1]} while blocked, ${counts[2]} after lifting`,
      ],
    ])
  })

  it('says how to lift the block if lifting fails', async () => {
    const send = fetch
    const stub = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (String(input).endsWith('/lift')) throw new TypeError('fetch failed')
      return send(input, init)
    })
    const drilled = await drill('app/agent0', ...NOW)
    stub.mockRestore()
    const [, id = ''] =
      /^app agent0 is still blocked; lift it with: .* lift (blk_\w+) /.exec(drilled.err) ?? []
    expect([drilled.exitCode, drilled.out]).toEqual([8, ''])
    expect((await admin(['kill', 'lift', id, '--reason', 'over'])).exitCode).toBe(0)
  })

  it('requires --yes and a target that may be paused', async () => {
    const asked = await drill('app/agent0')
    expect(asked).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(
        /app agent0 would be blocked for a moment .*; it has access in 4 ways now; nothing/,
      ),
    })
    expect(await listBlocks()).toEqual([])
    const typed = await admin(['kill', 'drill', 'app/agent0'], ['agent0', 'quarterly'])
    expect(typed.exitCode).toBe(0)
    for (const target of ['everything', 'app', 'app/', 'robot/x'])
      expect((await drill(target, ...NOW)).exitCode).toBe(2)
    expect((await admin(['kill', 'drill', ...NOW])).exitCode).toBe(2)
    expect((await drill('connection/nothing', ...NOW)).exitCode).toBe(6)
  })
})
