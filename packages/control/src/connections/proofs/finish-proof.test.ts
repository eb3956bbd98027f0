// Which browser continues a proof, once; a response that it may not use ends the sign-in it came from.
import { expect, it, vi } from 'vitest'

import { finishProof } from './finish-proof.ts'
import { nameBrowser } from './send-to-sign-in.ts'

const sealing = { keyedDigest: (_: string, text: string) => `browser of ${text}` }
const COOKIE = nameBrowser({ sealing } as never, 'session-1')
const RUN = { proof: 'prf_1', app: 'agent0', caller: { id: 'rita', role: 'owner', session: 'session-1' } }

interface Change {
  readonly run?: object | undefined
  readonly cookie?: string | undefined
  readonly mayContinue?: boolean
  readonly isFirst?: boolean
}

async function finish(change: Change) {
  const { run, cookie, mayContinue, isFirst } = {
    ...{ run: RUN, cookie: COOKIE, mayContinue: true, isFirst: true },
    ...change,
  }
  const consumeRun = vi.fn(async () => isFirst)
  const endTrial = vi.fn(async () => ({ cookies: ['gone'] }))
  const goOn = async () => Promise.reject(new Error('it goes on'))
  const finished = finishProof(
    {
      ...{ request: new Request('https://idp.test/'), ip: '203.0.113.7', cookie },
      answer: new URL('https://idp.test/admin/prove/callback?state=s&code=c'),
      mayContinue: async () => mayContinue,
    },
    {
      sealing,
      clock: { nowMs: () => 0 },
      signIn: { endTrial },
      store: { findRun: async () => run, consumeRun, find: goOn },
    } as never,
  )
  return { finished, consumeRun, endTrial }
}

it('the browser that started it goes on', async () => {
  await expect((await finish({})).finished).rejects.toThrow('it goes on')
})

it.each<[string, Change, string, number]>([
  ['an unknown response', { run: undefined }, 'unknown', 0],
  ['another browser', { cookie: 'browser of session-2' }, 'other-browser', 0],
  ['a browser without the cookie', { cookie: undefined }, 'other-browser', 0],
  ['a run of a bearer token', { run: { ...RUN, caller: { id: 'rita' } } }, 'other-browser', 0],
  ['a user who may no longer do this', { mayContinue: false }, 'not-allowed', 0],
  ['a response that was used at the same time', { isFirst: false }, 'unknown', 1],
])('%s does not', async (_, change, refusal, times) => {
  const { finished, consumeRun, endTrial } = await finish(change)
  expect(await finished).toEqual({ refusal, cookies: ['gone'] })
  expect(consumeRun).toHaveBeenCalledTimes(times)
  expect(endTrial).toHaveBeenCalledExactlyOnceWith(expect.any(Request), '203.0.113.7')
})
