// A sign-in that another provider returns belongs to the visit that asked for it, once.
import { expect, test, vi } from 'vitest'

import { completeUpstream, serveUpstreamReturn } from './upstream-visit.ts'

const STATE = 'state-of-the-visit'
const KEPT = { upstream: 'corp', interactionId: 'visit', pending: {}, answer: 'code=c' }
const OVER = { text: 'This attempt to sign in is over. Try again.' }

function open(kept: object | undefined, isFirst = true) {
  const complete = vi.fn(async () => Promise.reject(new Error('asks the provider')))
  const upsert = vi.fn(async () => undefined)
  const consume = vi.fn(async () => isFirst)
  const upstreams = ['corp', 'other'].map((id) => ({
    definition: { id, type: 'oidc', issuer: `https://${id}.test` },
    client: { complete, returns: { method: 'GET', state: 'state' } },
  }))
  const store = { find: async () => kept, consume, upsert }
  const interactions = {
    ...{ baseUrl: 'https://idp.test', upstreams },
    ports: { store, clock: { nowMs: () => 0 } },
  }
  return { interactions: interactions as never, complete, consume, upsert }
}

const VISIT = { interaction: { uid: 'visit' } } as never

test('the visit that asked for the sign-in continues with it', async () => {
  const { interactions } = open(KEPT)
  await expect(completeUpstream(VISIT, interactions, STATE)).rejects.toThrow('asks the provider')
})

test.each([
  ['another visit, of the same browser or another one', { ...KEPT, interactionId: 'other' }, true, 0],
  ['a sign-in that did not return', { ...KEPT, answer: undefined }, true, 0],
  ['a provider that is no longer configured', { ...KEPT, upstream: 'former' }, true, 0],
  ['an unknown state', undefined, true, 0],
  ['a sign-in that was used at the same time', KEPT, false, 1],
])('%s does not', async (_, kept, isFirst, times) => {
  const { interactions, complete, consume } = open(kept, isFirst)
  expect(await completeUpstream(VISIT, interactions, STATE)).toEqual(OVER)
  expect(consume).toHaveBeenCalledTimes(times)
  expect(complete).not.toHaveBeenCalled()
})

const comeBack = (interactions: never, change: object = {}) => {
  const ctx = {
    ...{ path: '/sign-in/upstream/corp', method: 'GET', querystring: `state=${STATE}&code=c` },
    ...{ redirect: vi.fn(), ...change },
  }
  return { ctx, served: serveUpstreamReturn(ctx as never, interactions) }
}

test('a response is kept for its visit, which the browser opens next', async () => {
  const { interactions, upsert } = open({ ...KEPT, answer: undefined })
  const { ctx, served } = comeBack(interactions)
  expect(await served).toBe(true)
  expect(upsert).toHaveBeenCalledOnce()
  expect(ctx.redirect).toHaveBeenCalledWith(`https://idp.test/sign-in/visit?returned=${STATE}`)
})

test.each([
  ['of another provider', { ...KEPT, answer: undefined, upstream: 'other' }, {}, 400],
  ['to a sign-in that has returned before', KEPT, {}, 400],
  ['to an unknown sign-in', undefined, {}, 400],
  ['by a form, although the provider redirects', { ...KEPT, answer: undefined }, { method: 'POST' }, 405],
])('a response %s changes nothing', async (_, kept, change, status) => {
  const { interactions, upsert } = open(kept)
  await expect(comeBack(interactions, change).served).rejects.toMatchObject({ status })
  expect(upsert).not.toHaveBeenCalled()
})
