import { parseForm } from '@crosswalk/as-core'
import { TOKEN_TYPE } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { observeSubject } from './observe-subject.ts'

const FOUND = { userId: 'usr_ann', authTime: 1, sid: 'session.1', endsAt: 9 }

const observe = (given: { bound?: string | undefined; dpop?: object; client?: object }) =>
  observeSubject(
    {
      request: {
        form: parseForm(`subject_token=t&subject_token_type=${TOKEN_TYPE.refreshToken}`),
      },
      client: given.client ?? { state: 'authenticated', clientId: 'agent0' },
      dpop: given.dpop ?? { state: 'absent' },
    } as never,
    {
      signIn: {
        findRefreshToken: async () => ({
          accepted: true,
          value: { ...FOUND, ...(given.bound && { dpopThumbprint: given.bound }) },
        }),
      },
    } as never,
  )

test.each([
  [undefined, { state: 'absent' }, 'active'],
  [undefined, { state: 'proved', jkt: 'any' }, 'active'],
  ['own', { state: 'proved', jkt: 'own' }, 'active'],
  ['own', { state: 'proved', jkt: 'stolen' }, 'key-not-proved'],
  ['own', { state: 'absent' }, 'key-not-proved'],
  ['own', { state: 'refused', jkt: 'own' }, 'key-not-proved'],
])('DPOP-18: a refresh token bound to %s, sent with %j, is %s', async (bound, dpop, state) => {
  expect(await observe({ bound, dpop })).toMatchObject({ state, signIn: { userId: 'usr_ann', endsAt: 9 } })
})

test('nothing is looked up for a client that did not authenticate', async () => {
  expect(await observe({ client: { state: 'refused' } })).toEqual({ kind: 'none' })
})
