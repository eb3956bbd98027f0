// Data about a removed user is deleted before another user gets the id; that of an existing user stays.
import type { LedgerEntry } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { forgetRemoved } from './forget-user.ts'

const body = { id: 'usr_eve', username: 'eve', groups: [], attributes: {}, hasPassword: true, active: true }
const [PRESENT, REMOVED] = [{ body }, { body: undefined }]

/** @param history - of the user, newest first */
async function forget(history: readonly object[]) {
  const done: string[] = []
  const events: LedgerEntry['event'][] = []
  const remove = (what: string) => ({ remove: async (id: string) => void done.push(`${what} ${id}`) })
  const token = (id: string, principal?: string) =>
    [id, { id, hash: 'h', ...(principal && { principal }) }] as const
  const revokedTokens = await forgetRemoved(
    {
      clock: { nowMs: () => 0 },
      storage: {
        ...{ passwordHashes: remove('password'), secondFactors: remove('factors') },
        ...{ upstreamLinks: remove('links'), objects: { history: async () => history } },
      },
      vault: {
        revoke: async (_: unknown, { userId }: { userId: string }) => void done.push(`vault ${userId}`),
      },
      directory: {
        current: () => ({
          world: {
            tokens: new Map([token('tok_eve', 'usr_eve'), token('tok_bob', 'usr_bob'), token('tok_file')]),
          },
        }),
        async remove({ id, event }: { id: string } & Pick<LedgerEntry, 'event'>) {
          done.push(id)
          events.push(event)
          return { ok: true }
        },
      },
      revoker: {
        endSessions: async (id: string) => void done.push(`sessions ${id}`),
        revokeUser: async () => 2,
      },
    } as never,
    systemContext('removed'),
    'usr_eve',
  )
  return { done, events, revokedTokens }
}

it('removes credentials, links, sessions and tokens of only this user', async () => {
  const { done, events, revokedTokens } = await forget([REMOVED, PRESENT, PRESENT])
  expect(done).toEqual([
    ...['password', 'factors', 'links', 'vault'].map((what) => `${what} usr_eve`),
    ...['tok_eve', 'sessions usr_eve'],
  ])
  expect(events).toMatchObject([{ event: { type: 'token_of_admin_api.deleted' } }])
  expect(revokedTokens).toBe(2)
})

it.each([
  ['that this process does not know yet', [PRESENT]],
  ['who was removed and created again', [PRESENT, REMOVED, PRESENT]],
  ['who was never in the database', []],
])('removes nothing from a user %s', async (_, history) => {
  expect(await forget(history)).toEqual({ done: [], events: [], revokedTokens: 0 })
})
