// What is compared with what, if several servers are checked at once.
import { expect, it } from 'vitest'

import type { GuardedSender } from '../http/guarded-sender.ts'
import { diagnose } from './diagnose.ts'

const [OTHER, NAMED, API] = ['https://other.test', 'https://named.test', 'https://api.test/']

it.each([
  [['read'], 'pass'],
  [['write'], 'warn'],
])('the scopes of a resource, known to the server that it names: %j', async (known, result) => {
  const documents: Readonly<Record<string, object>> = {
    [`${OTHER}/.well-known/oauth-authorization-server`]: { issuer: OTHER, scopes_supported: ['write'] },
    [`${NAMED}/.well-known/oauth-authorization-server`]: { issuer: NAMED, scopes_supported: known },
    [`${API}.well-known/oauth-protected-resource`]: {
      ...{ resource: API, authorization_servers: [NAMED], scopes_supported: ['read'] },
    },
  }
  const sender = {
    async send(request: { readonly url: string }) {
      const json = documents[request.url]
      return {
        request,
        status: json === undefined ? 404 : 200,
        headers: {},
        cookies: [],
        text: '',
        json,
        ms: 1,
      }
    },
  } as unknown as GuardedSender
  const asked = { idps: [], servers: [OTHER, NAMED], resources: [API] }
  const { findings } = await diagnose({ sender, nowMs: () => 0 }, asked)
  expect(findings.find(({ id }) => id === 'P04')?.result).toBe(result)
})
