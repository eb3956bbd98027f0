// The contract of clean-up: it runs late, by the clock of the database, in one process at a time; and used replay keys
// stay used whatever any clock shows.
import { FORGET_AFTER_MS } from '@crosswalk/as-core'
import { HOUR_MS } from '@crosswalk/protocol'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import type { Storage } from '../storage.ts'
import { MARGIN_SECONDS } from '../stores/expiry.ts'
import { readRows, runStatement } from './run-statement.ts'
import { sampleEntry, sampleReplayKey, sampleToken } from './samples.ts'

/** A process on the database whose clock tests can set. */
interface Node {
  readonly storage: Storage
  /** How far its clock is ahead of the real time */
  aheadMs: number
}

export function describeCleanUp(kind: TestDatabaseKind): void {
  async function withNodes(count: number, run: (nodes: readonly Node[], url: string) => Promise<void>) {
    const url = await kind.create()
    const nodes: Node[] = []
    for (let number = 0; number < count; number += 1) {
      const node = { aheadMs: 0 } as { -readonly [Member in keyof Node]: Node[Member] }
      const clock = { nowMs: () => Date.now() + node.aheadMs }
      node.storage = await openStorage(url, { clock })
      nodes.push(node)
    }
    try {
      await run(nodes, url)
    } finally {
      for (const { storage } of nodes) await storage.close()
    }
  }
  /** What housekeeping does once a minute. */
  async function cleanUp({ storage: { expiry } }: Node) {
    const cut = await expiry.findCut()
    return cut === undefined ? undefined : expiry.forgetExpired(cut)
  }
  const use = ({ storage }: Node, key: string, secondsLeft: number) =>
    storage.ledger.consume([sampleReplayKey(key, { expiresAt: Date.now() / 1000 + secondsLeft })])
  const first = (nodes: readonly Node[]): Node => nodes[0] as Node

  test('replay keys, access tokens and sign-in records are removed after they expire, exact at both edges', () =>
    withNodes(1, async ([node]) => {
      const { ledger, expiry, accessTokens, signIn } = (node as Node).storage
      const expiresAt = Math.floor(Date.now() / 1000) + 100.5
      const replayKey = sampleReplayKey('edge', { expiresAt })
      await ledger.commit(
        sampleEntry(1, { replayKeys: [replayKey], accessToken: sampleToken(1, { id: 'edge', expiresAt }) }),
      )
      expect(await expiry.forgetExpired(expiresAt)).toEqual({
        replayKeys: 0,
        accessTokens: 0,
        signInRecords: 0,
      })
      expect(await ledger.consume([replayKey])).toEqual(replayKey)
      expect(await accessTokens.find('todo0', 'edge')).toMatchObject({ id: 'edge' })
      expect(await expiry.forgetExpired(expiresAt + 0.001)).toEqual({
        replayKeys: 1,
        accessTokens: 1,
        signInRecords: 0,
      })
      expect(await accessTokens.find('todo0', 'edge')).toBeUndefined()
      await signIn.upsert('Session', 'forever', {})
      expect(await expiry.forgetExpired(expiresAt + 1e9)).toMatchObject({ signInRecords: 0 })
    }))

  test('the descents of a token are removed with it, exact at both edges', () =>
    withNodes(1, async ([node]) => {
      const { ledger, expiry, accessTokens, tokenDescents } = (node as Node).storage
      const expiresAt = Math.floor(Date.now() / 1000) + 100.5
      const later = { expiresAt: expiresAt + 100 }
      await ledger.commit(sampleEntry(1, { accessToken: sampleToken(1, { id: 'first', ...later }) }))
      const descent = { grantId: 'grant', authorizationServer: 'todo0', tokenId: 'first', expiresAt }
      await tokenDescents.add(descent)
      await accessTokens.revoke({ id: 'first' }, Date.now())
      await expiry.forgetExpired(expiresAt)
      expect(await tokenDescents.isOfRevoked('grant')).toBe(true)
      await expiry.forgetExpired(expiresAt + 0.001)
      expect(await tokenDescents.isOfRevoked('grant')).toBe(false)
    }))

  test('counts of failures and requests are removed after they expire', () =>
    withNodes(1, async ([node], url) => {
      const { failedSignIns, requestCounts, expiry } = (node as Node).storage
      const startedMs = Math.floor(Date.now() / 60_000) * 60_000
      const count = sql<object>`select (select count(*) from failed_attempts) as failures,
        (select count(*) from request_counts) as requests`
      const countsAfter = async (cut: number) => {
        await expiry.forgetExpired(cut)
        const { rows } = await readRows(url, count)
        return Object.values(rows[0] ?? {}).map(Number)
      }
      await failedSignIns.add('key', Date.now())
      await requestCounts.add(new Map([['key', { startedMs, count: 1 }]]))
      const requestsEnd = startedMs / 1000 + 60
      const failuresEnd = (Date.now() + FORGET_AFTER_MS) / 1000
      expect(await countsAfter(requestsEnd)).toEqual([1, 1])
      expect(await countsAfter(requestsEnd + 0.001)).toEqual([1, 0])
      expect(await countsAfter(failuresEnd - 60)).toEqual([1, 0])
      expect(await countsAfter(failuresEnd + 60)).toEqual([0, 0])
    }))

  test('RAS-19: a removed key counts as used, and so do all keys that expired earlier', () =>
    withNodes(1, async ([node]) => {
      const { ledger, expiry } = (node as Node).storage
      const [used, unused, later] = [
        sampleReplayKey('used', { expiresAt: 1_000 }),
        sampleReplayKey('unused', { expiresAt: 1_000.5 }),
        sampleReplayKey('later', { expiresAt: 1_001 }),
      ]
      expect(await ledger.consume([used])).toBeUndefined()
      expect(await expiry.forgetExpired(1_001)).toMatchObject({ replayKeys: 1 })
      expect(await ledger.consume([used])).toEqual(used)
      expect([await ledger.isUsed(unused), await ledger.isUsed(later)]).toEqual([true, false])
      expect(await ledger.consume([later, unused])).toEqual(unused)
      expect(await ledger.consume([later])).toBeUndefined()
      // A removed key stays used, whichever clock the next clean-up has.
      expect(await expiry.forgetExpired(500)).toMatchObject({ replayKeys: 0 })
      expect(await ledger.consume([used])).toEqual(used)
    }))

  test('removes more keys than fit in one slice', () =>
    withNodes(1, async ([node]) => {
      const { ledger, expiry } = (node as Node).storage
      const replayKeys = Array.from({ length: 2_001 }, (_, number) =>
        sampleReplayKey(`${number}`, { expiresAt: 1 }),
      )
      await ledger.commit(sampleEntry(1, { replayKeys }))
      expect(await expiry.forgetExpired(2)).toMatchObject({ replayKeys: 2_001 })
    }))

  test('everything is kept for an hour after it expires, by the clock of the database', () =>
    withNodes(1, async ([node]) => {
      const one = node as Node
      await use(one, 'long over', -MARGIN_SECONDS - 60)
      await use(one, 'just over', -MARGIN_SECONDS + 60)
      expect(await cleanUp(one)).toMatchObject({ replayKeys: 1 })
      expect(await use(one, 'just over', -MARGIN_SECONDS + 60)).toBeDefined()
      expect(await use(one, 'new', 300)).toBeUndefined()
    }))

  test('RAS-19, IDP-38: a node that is 400 s ahead makes no grant redeemable twice', () =>
    withNodes(2, async ([right, ahead]) => {
      const nodes = [right as Node, ahead as Node]
      first(nodes.slice(1)).aheadMs = 400_000
      await use(first(nodes), 'grant', 300)
      for (let round = 0; round < 3; round += 1) for (const node of nodes) await cleanUp(node)
      for (const node of nodes) expect(await use(node, 'grant', 300)).toBeDefined()
      for (const node of nodes) expect(await use(node, `other-${node.aheadMs}`, 300)).toBeUndefined()
    }))

  test.each([
    ['an hour ahead for some rounds and then back', HOUR_MS],
    ['a day ahead for some rounds and then back', 24 * HOUR_MS],
    ['an hour behind for some rounds and then back', -HOUR_MS],
  ])('RAS-19: a clock that is %s makes no grant redeemable twice', (_, aheadMs) =>
    withNodes(1, async (nodes) => {
      const node = first(nodes)
      await use(node, 'grant', 300)
      await cleanUp(node)
      node.aheadMs = aheadMs
      for (let round = 0; round < 3; round += 1) await cleanUp(node)
      expect(await use(node, 'grant', 300)).toBeDefined()
      node.aheadMs = 0
      for (let round = 0; round < 3; round += 1) await cleanUp(node)
      expect(await use(node, 'grant', 300)).toBeDefined()
      expect(await use(node, 'another', 300)).toBeUndefined()
    }),
  )

  test('two concurrent clean-ups remove only expired entries, and both complete', () =>
    withNodes(2, async (nodes) => {
      for (let number = 0; number < 50; number += 1) await use(first(nodes), `over-${number}`, -8_000)
      const forgotten = await Promise.all(nodes.map((node) => cleanUp(node)))
      expect(forgotten.reduce((sum, one) => sum + (one?.replayKeys ?? 0), 0)).toBe(50)
      for (const node of nodes) expect(await cleanUp(node)).toMatchObject({ replayKeys: 0 })
    }))

  test('keys are consumed during a clean-up, and none is lost', () =>
    withNodes(2, async (nodes) => {
      const expiresAt = Date.now() / 1000 + 300
      const replayKeys = Array.from({ length: 200 }, (_, number) =>
        sampleReplayKey(`during-${number}`, { expiresAt }),
      )
      const take = (node: Node) =>
        Promise.all(replayKeys.map((replayKey) => node.storage.ledger.consume([replayKey])))
      const [one, two] = await Promise.all([
        ...nodes.map(take),
        ...nodes.map(async (node) => {
          for (let round = 0; round < 5; round += 1) await cleanUp(node)
        }),
      ])
      const wins = replayKeys.map((_, index) =>
        [one?.[index], two?.[index]].filter((used) => used === undefined),
      )
      expect(wins.every(({ length }) => length === 1)).toBe(true)
    }))

  test('without its horizon row, the replay key table treats every key as used', () =>
    withNodes(1, async (nodes, url) => {
      await runStatement(url, sql`delete from replay_horizon`)
      expect(await use(first(nodes), 'unknown', 300)).toBeDefined()
      const key = { kind: 'id-jag', key: 'unknown', expiresAt: 300 } as const
      expect(await first(nodes).storage.ledger.isUsed(key)).toBe(true)
    }))
}
