// Sends token requests for users with and without a contract, and simulates the same requests.
import type { DecisionRecord } from '@crosswalk/protocol'

import { ADMIN_TOKEN, adminOf } from '../../admin/admin.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { AGENT, company, TODO } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { startTestServer } from '../../support/server.ts'

const CONTRACTS: Readonly<Record<string, object>> = {
  alice: { contractEnds: '2020-01-01T00:00:00Z' },
  carol: { contractEnds: '2120-01-01T00:00:00Z' },
}

export async function useCheck() {
  const server = await startTestServer({ file: withContracts })
  const { baseUrl } = server
  const admin = adminOf(baseUrl)

  async function ask(user: string) {
    const { idToken } = await signInFor(baseUrl, user)
    const answer = await exchange(baseUrl, idToken, { resource: TODO })
    const decision = String(answer.headers.get('crosswalk-decision'))
    const { body: recorded } = await admin('GET', `/decisions/${decision}`)
    const request = { app: AGENT.id, user, audience: `${baseUrl}/as/vendor`, resource: TODO }
    const { body: simulated } = await admin('POST', '/simulate', { body: request })
    return { decision, seen: [answer.status, describe(recorded), describe(simulated)] }
  }
  const ended = await ask('alice')
  const lasting = await ask('carol')
  const explained = await crosswalk(['explain', ended.decision, '--server', baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
  })
  await server.stop()
  return {
    ended: ended.seen,
    lasting: lasting.seen,
    explained: explained.out.includes('Correct the attribute contractEnds'),
  }
}

function withContracts(baseUrl: string) {
  const file = company(baseUrl)
  const idp = file['idp'] as { readonly users: readonly { readonly username: string }[] }
  const users = idp.users.map((user) => ({ ...user, attributes: CONTRACTS[user.username] ?? {} }))
  return { ...file, idp: { ...idp, users } }
}

/** The code of the decision, and the result of the check. */
function describe({ code, checks }: DecisionRecord) {
  return [code, checks.find(({ id }) => (id as string) === 'people.contract')?.result]
}
