import { expect, it } from 'vitest'

import type { Job, Reply } from './messages.ts'
import { createThreads, type Thread } from './threads.ts'

const SETTINGS = { module: 'none', token: 'crosswalk', pin: '1' }
const sign = (text: string): Job => ({ do: 'sign', uri: 'u', algorithm: 'ES256', data: Buffer.from(text) })

it('restarts the library once every thread has ended its session, and retries the request', async () => {
  const asked: string[] = []
  let isAway = false
  const answer = (job: Job): Reply => {
    if (job.do === 'restart') isAway = false
    if (isAway && job.do === 'sign') return { ok: false, kind: 'device', what: 'away' }
    return { ok: true, value: undefined }
  }
  let started = 0
  const start = (): Thread => {
    const name = `thread ${(started += 1)}`
    return {
      async ask(job) {
        asked.push(`${name} ${job.do}`)
        await Promise.resolve()
        return answer(job)
      },
      terminate: () => Promise.resolve(),
    }
  }
  const threads = createThreads(SETTINGS, { size: 3, start })
  await Promise.all(['a', 'b', 'c'].map((text) => threads.run(sign(text))))
  expect(started).toBe(3)
  asked.length = 0
  isAway = true
  expect(await threads.run(sign('d'))).toEqual({ ok: true, value: undefined })
  expect(asked).toEqual([
    'thread 3 sign',
    'thread 1 end',
    'thread 2 end',
    'thread 3 end',
    'thread 1 restart',
    'thread 3 sign',
  ])
  await threads.close()
})

it('asks no thread again after a problem that only an administrator can fix, as a retried PIN locks the token', async () => {
  let asked = 0
  const wrongPin: Reply = { ok: false, kind: 'setup', what: 'wrong PIN' }
  const start = (): Thread => ({
    async ask() {
      asked += 1
      return wrongPin
    },
    terminate: () => Promise.resolve(),
  })
  const threads = createThreads(SETTINGS, { size: 1, start })
  expect([await threads.run(sign('a')), await threads.run(sign('b'))]).toEqual([wrongPin, wrongPin])
  expect(asked).toBe(1)
})

it('replaces a thread that ended', async () => {
  let started = 0
  const start = (): Thread => {
    started += 1
    return { ask: () => Promise.reject(new Error('exit')), terminate: () => Promise.resolve() }
  }
  const threads = createThreads(SETTINGS, { size: 1, start })
  const ended: Reply = { ok: false, kind: 'device', what: 'the thread ended: Error: exit' }
  for (const text of ['a', 'b']) expect(await threads.run(sign(text))).toEqual(ended)
  expect(started).toBe(2)
})

it('restarts the library at most once a second while the device stays away', async () => {
  const asked: string[] = []
  const away: Reply = { ok: false, kind: 'device', what: 'away' }
  const start = (): Thread => ({
    async ask(job) {
      asked.push(job.do)
      return job.do === 'sign' ? away : { ok: true, value: undefined }
    },
    terminate: () => Promise.resolve(),
  })
  const threads = createThreads(SETTINGS, { size: 1, start })
  for (const text of ['a', 'b']) expect(await threads.run(sign(text))).toEqual(away)
  expect(asked).toEqual(['sign', 'end', 'restart', 'sign', 'sign'])
})
