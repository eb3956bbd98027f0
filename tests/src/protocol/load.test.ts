// What happens under load. Sign-in costs far more than a token request and needs no account: however many sign-ins are in
// progress, apps still get tokens. Token requests over the limit get 503, and each has a record.
import { createBrowser } from '@crosswalk/demo-world'
import { afterEach, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, buildSignInUrl, exchange, redeem, signInFor } from '../support/flow.ts'
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

// On SQLite, one request is done before the next is read.
const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

it.skipIf(postgres === undefined)(
  'token requests over the limit get 503, with a record that says why',
  async () => {
    server = await startTestServer({
      file: (baseUrl) => ({ ...company(baseUrl), limits: { requestsInProgress: 1 } }),
      database: (await postgres?.create()) ?? '',
    })
    const { baseUrl } = server
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = String((await exchange(baseUrl, idToken, { resource: TODO })).body.access_token)
    for (const [stage, ask] of [
      ['idp.token', () => exchange(baseUrl, idToken, { resource: TODO })],
      ['ras.redemption', () => redeem(baseUrl, idJag)],
    ] as const) {
      const answers: readonly Answer[] = await Promise.all(Array.from({ length: 20 }, ask))
      const [refused] = answers.filter(({ status }) => status === 503)
      expect(refused?.headers.get('retry-after')).toBe('1')
      expect(refused?.headers.get('access-control-allow-origin')).toBe('*')
      expect(refused?.body.error).toBe('temporarily_unavailable')
      const id = refused?.headers.get('crosswalk-decision') ?? ''
      const { body } = await adminOf(baseUrl)('GET', `/decisions/${id}`)
      expect(body).toMatchObject({ decision_id: id, stage, outcome: 'error', code: 'XAA9003' })
      for (const { headers } of answers) expect(headers.get('crosswalk-decision')).toMatch(/^dec_/)
    }
  },
)
