// A user stops an app in one tab and allows it again in another, at different nodes.
import type { TokenSelector } from '@crosswalk/resource-as'
import { describe, expect, it } from 'vitest'

import { type AdminContext, systemContext } from '../http/context.ts'
import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { endBlock, findBlockTarget, revokeBlocked, setBlock } from './standing-blocks.ts'

const BLOCK = { id: 'blk_own', kind: 'connection', target: 'c', onlyFor: 'usr_ann', kill: false } as const

it('sets a block that another node has just set and ended', async () => {
  const [one, other] = await openNodes({})
  const context = systemContext('a test')
  await setBlock(other.parts, context, BLOCK)
  const { directory } = one.parts
  const put: typeof directory.put = async (change) => {
    const outcome = await directory.put(change)
    if (!outcome.ok) await endBlock(other.parts, context, { id: BLOCK.id })
    await directory.catchUp()
    return outcome
  }
  const block = await setBlock({ ...one.parts, directory: { ...directory, put } }, context, BLOCK)
  expect(block).toMatchObject(BLOCK)
  expect(directory.current().world.blocks.get(BLOCK.id)).toEqual(block)
})

it('keeps a block that another node has just set', async () => {
  const [one, other] = await openNodes({})
  const first = await setBlock(other.parts, systemContext('the first'), BLOCK)
  const { directory } = one.parts
  const put: typeof directory.put = async (change) => {
    const outcome = await directory.put(change)
    await directory.catchUp()
    return outcome
  }
  const parts = { ...one.parts, directory: { ...directory, put } }
  expect(await setBlock(parts, systemContext('the second'), BLOCK)).toEqual(first)
})

describe('the end of a block', () => {
  const NOW = Date.parse('2026-06-15T08:00:00Z')
  const USER = { kind: 'user', target: 'usr_ann' } as const

  async function open() {
    const [{ parts }] = await openNodes({ users: [{ id: 'usr_ann', username: 'ann' }] }, NOW)
    const ended: string[] = []
    let signalled = 0
    const own = {
      ...parts,
      revoker: { ...parts.revoker, endSessions: async (id: string) => void ended.push(id) },
      signals: { ...parts.signals, buildEvents: () => (signalled++, []) },
    } as typeof parts
    return { parts: own, ended, signalled: () => signalled }
  }

  it.each([
    ['a kill ends the sessions that it may have left', true, {}, ['usr_ann']],
    ['a kill that ended by itself ends nothing', true, { until: '2026-06-15T08:00:00Z' }, []],
    ['a kill that would end later does too', true, { until: '2026-06-15T08:00:01Z' }, ['usr_ann']],
    ['a kill of everything ends those of no user', true, { kind: 'everything', target: '*' }, []],
    ['a block ends no sessions', false, {}, []],
  ] as const)('lifting %s', async (_, kill, until, sessions) => {
    const { parts, ended } = await open()
    const context = systemContext('a test')
    const { id } = await setBlock(parts, context, { ...USER, kill, ...until })
    expect(await endBlock(parts, context, { id })).toBeUndefined()
    expect(ended).toEqual(sessions)
  })

  it.each([
    ['a security responder who did not set it', 'security-responder', 'rita', 403],
    ['the security responder who set it', 'security-responder', 'ada', undefined],
    ['an administrator who did not set it', 'administrator', 'rita', undefined],
  ] as const)('by %s', async (_, role, id, status) => {
    const { parts } = await open()
    const by = (caller: object) => ({ ...systemContext('a test'), caller }) as AdminContext
    await setBlock(parts, by({ id: 'ada', role }), BLOCK)
    const problem = await endBlock(parts, by({ id, role }), { id: BLOCK.id })
    expect(problem?.problem.status).toBe(status)
    expect(parts.directory.current().world.blocks.has(BLOCK.id)).toBe(status !== undefined)
  })

  it.each([
    ['2026-06-15T08:00:01Z', 1],
    ['2026-06-15T08:00:00Z', 0],
  ])(
    'until %s is told to receivers of security events only if it stops anything: %i',
    async (until, count) => {
      const { parts, signalled } = await open()
      await setBlock(parts, systemContext('a test'), { ...USER, kill: true, until })
      expect(signalled()).toBe(count)
    },
  )
})

describe('the events of a block', () => {
  async function listEvents(act: (parts: TestNode['parts']) => Promise<unknown>) {
    const [{ parts, storage }] = await openNodes({ users: [{ id: 'usr_ann', username: 'ann' }] })
    await act(parts)
    const { items } = await storage.events.list({ log: 'admin', limit: 9 })
    return items.map(({ event }) => event)
  }
  const context = systemContext('a test')
  const KILL = { id: 'blk_kill', kind: 'user', target: 'usr_ann', kill: true } as const

  const ALL = { id: 'blk_all', kind: 'everything', target: '*', kill: true } as const

  it('name what a user stopped for themselves, and until when', async () => {
    const until = '2026-06-15T08:00:00Z'
    const [event] = await listEvents((parts) => setBlock(parts, context, { ...BLOCK, until }))
    expect(event).toMatchObject({
      ...{ type: 'block.set', severity: 'warning', target: { kind: 'connection', id: 'c' } },
      on_behalf_of: { user_ref: 'usr_ann' },
    })
    expect(event?.change).toEqual({ block: BLOCK.id, until })
  })

  it('mark a kill as critical', async () => {
    const [event] = await listEvents((parts) => setBlock(parts, context, ALL))
    expect(event).toMatchObject({ type: 'kill.pressed', severity: 'critical', target: { id: '*' } })
    expect(event).not.toHaveProperty('on_behalf_of')
    expect(event?.change).toEqual({ block: ALL.id })
  })

  it('report no revocation if lifting it finds no live token', async () => {
    const events = await listEvents(async (parts) => {
      await setBlock(parts, context, KILL)
      await endBlock(parts, context, { id: KILL.id })
    })
    expect(events.map(({ type }) => type).toSorted()).toEqual(['kill.lifted', 'kill.pressed'])
  })

  it('report a revocation with its target, even if no token was live', async () => {
    const block = { ...KILL, by: 'ada' }
    const [event] = await listEvents((parts) => revokeBlocked(parts, context, block))
    expect(event).toMatchObject({ type: 'token.revoked', target: { kind: 'user', id: 'usr_ann' } })
    expect(event?.change).toEqual({ revoked_tokens: 0, ended_sessions: false })
  })
})

it('revokes what the block stops, not what another one does', async () => {
  const [{ parts }] = await openNodes({})
  const revocation = { issuer: 'https://idp.test' }
  const revocations = ['blk_own', 'blk_other'].map((id) => ({ ...revocation, id, clientId: `of ${id}` }))
  const revoked: (string | undefined)[] = []
  const own = {
    ...parts,
    directory: { current: () => ({ redemption: new Map([['as', { revocations }]]) }) },
    storage: {
      ...parts.storage,
      accessTokens: { revoke: async ({ clientId }: TokenSelector) => (revoked.push(clientId ?? ''), 0) },
    },
  } as unknown as typeof parts
  await revokeBlocked(own, systemContext('a test'), { ...BLOCK, by: 'ada' })
  // Before and after it is recorded.
  expect(revoked).toEqual(['of blk_own', 'of blk_own'])
})

it.each(['user', 'app', 'connection'] as const)('a block of an unknown %s is refused', async (kind) => {
  const [{ parts }] = await openNodes({ users: [{ id: 'usr_ann', username: 'ann' }] })
  expect(await findBlockTarget(parts, 'user', 'ann', '/target')).toEqual({ kind: 'user', target: 'usr_ann' })
  expect(await findBlockTarget(parts, kind, 'anne', '/target')).toMatchObject({
    problem: { status: 400, errors: [{ path: '/target' }] },
  })
})
