// Decisions in the terminal name the request and the user.
import { expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { AGENT, company } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

it('lists a sign-in by its grant type and user, and an exchange by its user', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  try {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    await exchange(server.baseUrl, idToken, {})
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    const { out } = await crosswalk(['decisions', 'list', '--server', server.baseUrl], { env })
    const signIn = new RegExp(`✓ XAA0000 {2}${AGENT.id} for alice by authorization_code {2}(dec_\\w+)`).exec(
      out,
    )
    expect(out).toMatch(new RegExp(`${AGENT.id} for alice at `))
    expect(out).not.toContain('for unknown user')
    const shown = await crosswalk(['explain', signIn?.[1] ?? '', '--server', server.baseUrl], { env })
    expect(shown.out).toMatch(/^✓ ALLOWED {2}XAA0000 {2}\S+ signed alice in\.$/m)
    expect(shown.out).toMatch(new RegExp(`^ {2}request ${AGENT.id} for alice by authorization_code$`, 'm'))
    expect(shown.out).not.toContain('none found')
  } finally {
    await server.stop()
  }
})
