// A user connects an account at a service: redirected there, and back with a code. The state is sealed for the session
// that started the flow, so that no other user can finish it.
import { randomToken } from '@crosswalk/as-core'
import { mayUse } from '@crosswalk/policy'

import type { AdminContext } from '../http/context.ts'
import { prepareUnstoredRevocation, revokeUnstored } from './revoke-unstored.ts'
import { storeCredential } from './store-credential.ts'
import {
  buildOauthContent,
  findBrokered,
  isOauth,
  type OauthBrokered,
  openOauthClient,
  type VaultParts,
} from './vault-parts.ts'

export type ConnectProblem = 'unknown' | 'not-set-up' | 'not-connected'

interface Visitor {
  readonly userId: string
  readonly resourceApp: string
  /** The secret session id */
  readonly session: string
}

interface Pending {
  readonly userId: string
  readonly resourceApp: string
  readonly verifier: string
  readonly until: number
}

const LABEL = 'vault-connect'
const PENDING_MS = 600_000

/** A separate URL per service, so that none can pass off another's code as its own (RFC 9700 section 4.4). */
function buildReturnUrl(baseUrl: string, resourceApp: string): string {
  return `${baseUrl}/me/accounts/${encodeURIComponent(resourceApp)}/return`
}

/** @returns the URL to redirect the user to */
export async function beginConnect(
  parts: VaultParts,
  visitor: Visitor,
): Promise<{ readonly url: string } | ConnectProblem> {
  const { userId, resourceApp, session } = visitor
  const brokered = await findForUser(parts, visitor)
  if (brokered === undefined) return 'unknown'
  const client = await openOauthClient(parts, resourceApp, brokered)
  if (client === undefined) return 'not-set-up'
  const verifier = randomToken() + randomToken()
  const pending: Pending = { userId, resourceApp, verifier, until: parts.clock.nowMs() + PENDING_MS }
  const state = parts.sealing.seal(LABEL, session, JSON.stringify(pending))
  const redirectUri = buildReturnUrl(parts.baseUrl, resourceApp)
  return { url: (await client.begin({ redirectUri, state, verifier })).href }
}

/** @param query - the query of the redirect from the service */
export async function completeConnect(
  parts: VaultParts,
  context: AdminContext,
  { query, ...visitor }: Visitor & { readonly query: string },
): Promise<ConnectProblem | undefined> {
  const { userId, resourceApp } = visitor
  const returned = new URL(`${buildReturnUrl(parts.baseUrl, resourceApp)}?${query}`)
  const state = returned.searchParams.get('state') ?? ''
  const pending = openPending(parts, visitor, state)
  const brokered = await findForUser(parts, visitor)
  if (pending === undefined || brokered === undefined) return 'unknown'
  const client = await openOauthClient(parts, resourceApp, brokered)
  if (client === undefined) return 'not-set-up'
  const place = { resourceApp, userId, kind: 'oauth' } as const
  const revoker = await prepareUnstoredRevocation(parts, place, brokered)
  const answer = await client.complete(returned, { state, verifier: pending.verifier })
  if (!answer.accepted) {
    if (answer.refusal.reason === 'failed')
      parts.onFault(new Error(`${resourceApp}: ${answer.refusal.detail}`), 'vault')
    return 'not-connected'
  }
  const content = buildOauthContent(answer.value, brokered, parts.clock.nowMs())
  try {
    const stored = await storeCredential(parts, context, async () =>
      (await findForUser(parts, visitor)) === undefined ? 'unknown' : { place, content },
    )
    if (stored !== 'unknown') return undefined
  } catch (fault) {
    await revokeUnstored(parts, context, content, revoker)
    throw fault
  }
  await revokeUnstored(parts, context, content, revoker)
  return 'unknown'
}

function openPending(
  { sealing, clock }: VaultParts,
  { userId, resourceApp, session }: Visitor,
  state: string,
): Pending | undefined {
  try {
    const pending = JSON.parse(sealing.open(LABEL, session, state)) as Pending
    const isOwn = pending.userId === userId && pending.resourceApp === resourceApp
    return isOwn && pending.until > clock.nowMs() ? pending : undefined
  } catch {
    // Forged, or from another session.
    return undefined
  }
}

async function findForUser(
  parts: VaultParts,
  { userId, resourceApp }: Pick<Visitor, 'userId' | 'resourceApp'>,
): Promise<OauthBrokered | undefined> {
  const found = findBrokered(parts, resourceApp)
  const user = await parts.directory.current().users.findById(userId)
  if (found === undefined || user === undefined || !mayUse(user, found)) return undefined
  return isOauth(found.brokered) ? found.brokered : undefined
}
