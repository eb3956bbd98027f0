// Ending a mute while another administrator changes it.
import type { ObjectPut } from '@crosswalk/storage'
import { expect, test } from 'vitest'

import { endMute, type StoredMute } from './mutes.ts'

const NOW_MS = Date.parse('2026-11-29T12:00:00Z')
const MUTE = {
  by: 'ada',
  at: '2026-11-29T11:00:00.000Z',
  until: '2026-12-29T11:00:00.000Z',
  reason: 'known',
  falseAlarm: false,
  rule: 'scope-first-use',
  subject: { kind: 'connection', id: 'agent0-todo0' },
  app: 'agent0',
  ended: false,
}

/** @param again - what another administrator stores just before the first change here */
function createParts(again?: object) {
  let stored = { revision: 1, body: MUTE as object }
  const puts: ObjectPut[] = []
  const objects = {
    find: async () => stored,
    async put(change: ObjectPut) {
      if (puts.push(change) === 1 && again !== undefined) stored = { revision: 2, body: again }
      if (change.ifRevision !== undefined && change.ifRevision !== stored.revision)
        return { ok: false, conflict: stored.revision }
      stored = { revision: stored.revision + 1, body: change.body as object }
      return { ok: true, revision: stored.revision }
    },
  }
  const parts = { storage: { objects }, clock: { nowMs: () => NOW_MS } }
  const end = () =>
    endMute(parts as never, { caller: { id: 'bob' }, headers: new Headers() } as never, 'rec_1')
  return { end, read: () => stored.body as StoredMute }
}

test('ends the mute in force', async () => {
  const { end, read } = createParts()
  expect(await end()).toBe(true)
  expect(read()).toEqual({ ...MUTE, ended: true })
})

test('ends the mute that another administrator has just stored, not the one from before', async () => {
  const again = { ...MUTE, by: 'carol', falseAlarm: true }
  const { end, read } = createParts(again)
  expect(await end()).toBe(true)
  expect(read()).toEqual({ ...again, ended: true })
})

test('ends nothing if another administrator was faster', async () => {
  const { end, read } = createParts({ ...MUTE, ended: true })
  expect(await end()).toBe(false)
  expect(read()).toEqual({ ...MUTE, ended: true })
})
