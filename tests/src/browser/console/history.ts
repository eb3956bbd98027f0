// What happened at a server before a test looks at it: real sign-ins, exchanges and redemptions over HTTP.
import { NOTES, TODO } from '../../support/company.ts'
import { exchange, redeem, signInFor } from '../../support/flow.ts'

export interface MadeHistory {
  /** Decision ids by what they are about */
  readonly allowed: string
  readonly narrowed: string
  readonly denied: string
  readonly replayed: string
}

/** One exchange that is allowed and redeemed, one narrowed, one refused for bob, one ID-JAG sent twice. */
export async function makeHistory(baseUrl: string): Promise<MadeHistory> {
  const alice = await signInFor(baseUrl, 'alice')
  const bob = await signInFor(baseUrl, 'bob')
  const allowed = await exchange(baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read' })
  const narrowed = await exchange(baseUrl, alice.idToken, {
    resource: NOTES,
    scope: 'notes.read notes.write',
  })
  const idJag = String(allowed.body['access_token'])
  await redeem(baseUrl, idJag)
  const replayed = await redeem(baseUrl, idJag)
  const denied = await exchange(baseUrl, bob.idToken, { resource: TODO, scope: 'todos.read' })
  return {
    allowed: idOf(allowed.headers),
    narrowed: idOf(narrowed.headers),
    denied: idOf(denied.headers),
    replayed: idOf(replayed.headers),
  }
}

function idOf(headers: Headers): string {
  return headers.get('crosswalk-decision') ?? ''
}
