// Sign-in costs far more than a token request and needs no account. However many sign-ins are in progress, apps still get
// tokens.
import { createBrowser } from '@crosswalk/demo-world'
import { afterEach, expect, it } from 'vitest'

import { company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { buildSignInUrl, exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const SIGN_INS = 12
let server: TestServer | undefined
afterEach(async () => {
  await server?.stop()
})

it('a flood of sign-ins gets 503, while token requests succeed', async () => {
  const limits = { requestsInProgress: 2, pagesInProgress: 2, failedSignInsPerUserBeforeDelay: 0 }
  server = await startTestServer({ file: (baseUrl) => ({ ...company(baseUrl), limits }) })
  const { baseUrl } = server
  const { idToken } = await signInFor(baseUrl, 'alice')
  const waiting = []
  for (let count = 0; count < SIGN_INS; count += 1) {
    const browser = createBrowser()
    waiting.push({ browser, page: await browser.open(buildSignInUrl(baseUrl)) })
  }
  let inProgress = SIGN_INS
  const flood = Promise.all(
    waiting.map(async ({ browser, page }, index) => {
      // Each password is hashed: the test worker keeps results of the same question.
      const fields = { username: `unknown-${index}`, password: `${PASSWORD} ${index}` }
      const answer = await browser.submitUntil(page, fields, REDIRECT_URI)
      inProgress -= 1
      return 'status' in answer ? answer.status : 200
    }),
  )
  const tokens: number[] = []
  while (inProgress > 0) {
    tokens.push((await exchange(baseUrl, idToken, { resource: TODO, scope: 'todos.read' })).status)
  }
  expect(new Set(tokens)).toEqual(new Set([200]))
  expect(new Set(await flood)).toEqual(new Set([401, 503]))
})
