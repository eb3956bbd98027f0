import { expect, it } from 'vitest'

import type { GuardedSender, HttpRequest } from './guarded-sender.ts'
import { toFetch } from './sender-fetch.ts'

const sent: HttpRequest[] = []
let status = 204
const sender: GuardedSender = {
  async send(request) {
    sent.push(request)
    return { request, status, headers: {}, cookies: [], text: '', ms: 1 }
  },
  close: async () => undefined,
}

it('sends DELETE as it is, and no method that it does not know', async () => {
  const fetch = toFetch(sender)
  expect((await fetch('https://a.example/x', { method: 'DELETE' })).status).toBe(204)
  await expect(fetch('https://a.example/x', { method: 'PUT' })).rejects.toThrow('PUT is not supported')
  expect(sent.map(({ method }) => method)).toEqual(['DELETE'])
})

it('returns no status that a response cannot have', async () => {
  const fetch = toFetch(sender)
  status = 599
  expect((await fetch('https://a.example/x')).status).toBe(599)
  status = 600
  await expect(fetch('https://a.example/x')).rejects.toThrow('fetch failed: status 600')
})
