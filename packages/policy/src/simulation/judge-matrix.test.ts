import { zPolicy } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { makeSnapshot, NOW_SECONDS, USERS } from '../testing/exchange-world.ts'
import { judgeMatrix } from './judge-matrix.ts'

it('counts the volume of the right app and user in each cell of a matrix', () => {
  const policies = [zPolicy.parse({ id: 'p', when: { 'volume.perHour.over': 5 }, effect: 'deny' })]
  const snapshot = makeSnapshot({ policies })
  const [connection] = [...snapshot.connections.values()].filter(({ resourceApp }) => resourceApp === 'todo0')
  const { alice } = USERS
  if (connection === undefined || alice === undefined) throw new Error('the world lacks alice or Todo0')
  const colleague = { ...alice, id: 'usr_colleague', username: 'colleague' }
  const judge = (busy: readonly [app: string, user: string]) =>
    [
      ...judgeMatrix(
        {
          users: [alice, colleague],
          connections: [connection],
          scope: undefined,
          signIn: { authTime: NOW_SECONDS },
          describedApp: () => undefined,
        },
        {
          snapshot,
          nowMs: NOW_SECONDS * 1000,
          volumeOf: (app, user) => (app === busy[0] && user === busy[1] ? 6 : 5),
        },
      ),
    ].map(({ user, cells }) => [user.username, cells[0]?.outcome])
  expect(judge([connection.app, alice.id])).toEqual([
    ['alice', 'deny'],
    ['colleague', 'allow'],
  ])
  expect(judge([connection.app, colleague.id])).toEqual([
    ['alice', 'allow'],
    ['colleague', 'deny'],
  ])
  expect(judge(['another-app', alice.id])).toEqual([
    ['alice', 'allow'],
    ['colleague', 'allow'],
  ])
})
