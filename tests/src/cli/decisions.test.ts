// The list of decisions says what was requested, even without a user.
import { expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { AGENT, company } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

it('lists a sign-in by its grant type, and an exchange by its user', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  try {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    await exchange(server.baseUrl, idToken, {})
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    const { out } = await crosswalk(['decisions', 'list', '--server', server.baseUrl], { env })
    expect(out).toMatch(new RegExp(`✓ XAA0000 {2}${AGENT.id} by authorization_code {2}dec_`))
    expect(out).toMatch(new RegExp(`${AGENT.id} for alice at `))
    expect(out).not.toContain('for unknown user')
  } finally {
    await server.stop()
  }
})
