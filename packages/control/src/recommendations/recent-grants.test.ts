// The newest ID-JAGs over a log in memory: the look-back at both edges, which networks count as known, and that
// repeated reads examine only new entries.
import type { GrantUse, UsagePatterns } from '@crosswalk/storage'
import { expect, it } from 'vitest'
import { DAY_MS } from '@crosswalk/protocol'

import { nameNetwork } from './network.ts'
import { createRecentGrants, MAX_NETWORKS } from './recent-grants.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
let count = 0
const grant = (days: number, more: Partial<GrantUse> = {}): GrantUse => ({
  ...{
    connection: 'con',
    app: 'agent',
    user: 'alice',
    at: NOW - days * DAY_MS,
    refusedBy: [],
    scopes: [],
    grantId: undefined,
  },
  ...{ decisionId: `dec_${(count += 1)}`, ip: '192.0.2.1' },
  ...more,
})

function logOf(...grants: readonly GrantUse[]) {
  const log = [...grants]
  const asked: string[] = []
  const patterns = {
    async listGrants({ since, until, app, most }: Parameters<UsagePatterns['listGrants']>[0]) {
      asked.push(app === undefined ? 'newest' : `of ${app}`)
      return log
        .filter((one) => one.at >= since && one.at < until && (app ?? one.app) === one.app)
        .sort((one, other) => other.at - one.at)
        .slice(0, most)
    },
    async wasGranted({ connection, user, since, until }: Parameters<UsagePatterns['wasGranted']>[0]) {
      asked.push(user === undefined ? `over ${connection}` : `for ${user}`)
      return log.some(
        (one) =>
          one.at >= since &&
          one.at < until &&
          one.connection === connection &&
          (user ?? one.user) === one.user,
      )
    },
  }
  return { log, asked, grants: createRecentGrants(patterns as unknown as UsagePatterns) }
}

const firsts = async (...grants: readonly GrantUse[]) =>
  (await logOf(...grants).grants.read(NOW, () => true)).flatMap(({ user, isFirstForUser }) =>
    isFirstForUser ? [user] : [],
  )
const networks = async (grants: readonly GrantUse[], isHosted = true) =>
  (await logOf(...grants).grants.read(NOW, () => isHosted)).flatMap(({ newNetwork }) => newNetwork ?? [])

it('finds users without a grant in 90 days, over a connection in use for more than 7', async () => {
  const bob = { user: 'bob' }
  expect(await firsts(grant(20), grant(0, bob))).toEqual(['bob'])
  expect(await firsts(grant(20), grant(90, bob), grant(0, bob))).toEqual([])
  expect(await firsts(grant(20), grant(90.001, bob), grant(0, bob))).toEqual(['bob'])
  expect(await firsts(grant(7), grant(0, bob))).toEqual([])
  expect(await firsts(grant(7.001), grant(0, bob))).toEqual(['bob'])
  expect(await firsts(grant(20), grant(1, bob))).toEqual([])
  expect(await firsts(grant(20), grant(0.999, bob))).toEqual(['bob'])
  expect(await firsts(grant(20), grant(0.5, bob), grant(0, bob))).toEqual(['bob'])
  expect(await firsts(grant(20), grant(9, { ...bob, connection: 'other' }), grant(0, bob))).toEqual(['bob'])
})

it('finds networks that an app did not use in 28 days, except for apps on user devices', async () => {
  const from = (days: number, ip: string) => grant(days, { ip })
  const usual = [from(20, '192.0.2.1'), from(2, '192.0.2.9')]
  expect(await networks([...usual, from(0, '192.0.2.200')])).toEqual([])
  expect(await networks([...usual, from(0, '192.0.3.1')])).toEqual(['192.0.3.0/24'])
  expect(await networks([...usual, from(0, '192.0.3.1')], false)).toEqual([])
  expect(await networks([...usual, from(0.5, '192.0.3.1'), from(0, '192.0.3.2')])).toHaveLength(1)
  expect(await networks([...usual, from(28, '192.0.3.1'), from(0, '192.0.3.1')])).toEqual([])
  expect(await networks([...usual, from(28.001, '192.0.3.1'), from(0, '192.0.3.1')])).toHaveLength(1)
  expect(await networks([from(7, '192.0.2.1'), from(0, '192.0.3.1')])).toEqual([])
  expect(await networks([from(7.001, '192.0.2.1'), from(0, '192.0.3.1')])).toHaveLength(1)
  expect(await networks([...usual, grant(0, { ip: undefined })])).toEqual([])
  expect(await networks([grant(20, { ip: undefined }), from(0, '192.0.3.1')])).toEqual([])
})

it('finds no unusual network for an app with more than 50', async () => {
  const roam = (networkCount: number) =>
    Array.from({ length: networkCount }, (_, index) => grant(10 - index / 100, { ip: `10.0.${index}.1` }))
  const next = grant(0, { ip: '192.0.2.1' })
  expect(await networks([...roam(MAX_NETWORKS - 1), next])).toEqual(['192.0.2.0/24'])
  expect(await networks([...roam(MAX_NETWORKS), next])).toEqual([])
})

it('remembers results for 24 hours, and looks nothing up twice', async () => {
  const { log, asked, grants } = logOf(grant(20), grant(0.5, { user: 'bob', ip: '192.0.3.1' }))
  const read = (nowMs: number) => grants.read(nowMs, () => true)
  expect(await read(NOW)).toMatchObject([{ user: 'bob', isFirstForUser: true, newNetwork: '192.0.3.0/24' }])
  asked.length = 0
  log.push(grant(0, { user: 'bob', ip: '192.0.3.1', at: NOW + 1000 }))
  expect(await read(NOW + 2000)).toMatchObject([
    { user: 'bob', isFirstForUser: false, newNetwork: undefined },
    { user: 'bob', isFirstForUser: true, newNetwork: '192.0.3.0/24' },
  ])
  expect(asked).toEqual(['newest'])
  expect(await read(NOW + 3000)).toHaveLength(2)
  expect(await read(NOW + 0.6 * DAY_MS)).toHaveLength(1)
})

it.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2::3', '2001:db8:1::/48'],
  ['2001:0DB8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0::/48'],
  ['1:2::4:5:6:192.0.2.1', '1:2:0::/48'],
  ['host.example', undefined],
  ['192.0.2', undefined],
  ['', undefined],
])('%s is of %s', (ip, network) => expect(nameNetwork(ip)).toBe(network))
