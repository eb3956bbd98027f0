// Releases the credential for an access token: found by the ID-JAG behind the token, and refreshed if it is about to
// expire. The evaluator decides whether the caller may have it.
import type { CredentialFact, CredentialOwner } from '@crosswalk/policy'
import type { BrokeredDefinition, EpochMs } from '@crosswalk/protocol'
import type { ReleasedCredential, TokenOfApp } from '@crosswalk/resource-as'
import type { StoredCredential } from '@crosswalk/storage'

import { findIssuance } from '../audit/find-issuance.ts'
import { CONSOLE_PATH } from '../config-file/console-app-id.ts'
import { systemContext } from '../http/context.ts'
import { revokeCredentials } from './store-credential.ts'
import {
  buildOauthContent,
  type Content,
  findBrokered,
  isOauth,
  isPerUser,
  isSamePlace,
  openContent,
  openOauthClient,
  sealContent,
  type VaultParts,
} from './vault-parts.ts'

/** Refreshed this long before it expires, so that it is still valid on arrival */
const MARGIN_MS = 30_000
const CLAIM_MS = 10_000
const POLL_MS = 100
/** Reported if the expiry is unknown; the app's own token expires much earlier, so it requests the credential again. */
const UNKNOWN_LIFETIME_SECONDS = 300
const REFUSED = 'the service refused the refresh token'

export async function releaseCredential(parts: VaultParts, token: TokenOfApp): Promise<ReleasedCredential> {
  const owner = await findOwner(parts, token)
  const found = owner && findBrokered(parts, owner.resourceApp)
  if (owner === undefined || found === undefined) return { fact: { state: 'not-brokered' } }
  const { brokered } = found
  const isOwn = isPerUser(brokered)
  const place = {
    resourceApp: owner.resourceApp,
    userId: isOwn ? owner.user : undefined,
    kind: brokered.credential.kind,
  } as const
  const missing = { state: 'missing', page: buildPage(parts, owner, isOwn), ...owner } as const
  const stored = await parts.storage.credentials.find(place)
  if (stored === undefined || !isSamePlace(openContent(parts, stored), brokered)) return { fact: missing }
  const current = await refreshIfDue(parts, stored, brokered)
  if (current === 'refused') return { fact: missing }
  if (current === 'unreachable') return { fact: { state: 'unreachable', ...owner } }
  return describe(stored.id, current, { owner, brokered, nowMs: parts.clock.nowMs() })
}

function buildPage({ baseUrl }: VaultParts, { resourceApp }: CredentialOwner, isOwn: boolean): string {
  return isOwn
    ? `${baseUrl}/me/accounts`
    : `${baseUrl}${CONSOLE_PATH}/resource-apps/${encodeURIComponent(resourceApp)}`
}

/** The event of the ID-JAG records the user, whatever `sub` the resource app gets. */
async function findOwner(parts: VaultParts, token: TokenOfApp): Promise<CredentialOwner | undefined> {
  const issued = await findIssuance(parts, token)
  const user = issued?.on_behalf_of?.user_ref
  const { resource_app: resourceApp, connection } = issued?.decision?.resolution ?? {}
  if (user === undefined || resourceApp === undefined) return undefined
  return (await parts.directory.current().users.findById(user))?.active === true
    ? { user, resourceApp, connection }
    : undefined
}

function describe(
  id: string,
  content: Content,
  about: {
    readonly owner: CredentialOwner
    readonly brokered: BrokeredDefinition
    readonly nowMs: number
  },
): ReleasedCredential {
  const { owner, brokered, nowMs } = about
  const { credential, api, privateNetwork } = brokered
  const expiresAt = 'accessToken' in content ? content.expiresAt : undefined
  const lifetimeSeconds =
    expiresAt === undefined ? UNKNOWN_LIFETIME_SECONDS : Math.max(0, Math.floor((expiresAt - nowMs) / 1000))
  const fact: CredentialFact = { state: 'held', id, lifetimeSeconds, ...owner }
  const { header, scheme } =
    credential.kind === 'apiKey' ? credential : { header: 'Authorization', scheme: 'Bearer' }
  const value = 'accessToken' in content ? content.accessToken : content.secret
  return { fact, secret: { value, header, scheme, api, privateNetwork } }
}

type Refreshed = Content | 'refused' | 'unreachable'

async function refreshIfDue(
  parts: VaultParts,
  stored: StoredCredential,
  brokered: BrokeredDefinition,
): Promise<Refreshed> {
  let seen: StoredCredential = stored
  const giveUpAt = parts.clock.nowMs() + CLAIM_MS
  for (;;) {
    const content = openContent(parts, seen)
    const now = parts.clock.nowMs()
    const expiresAt = 'accessToken' in content ? content.expiresAt : undefined
    if (expiresAt === undefined || expiresAt - MARGIN_MS > now) return content
    // Refresh tokens may be single-use, so one request of one process refreshes while the others wait.
    const claimedAt = await parts.storage.expiry.readTimeMs()
    const until = claimedAt + CLAIM_MS
    if (await parts.storage.credentials.claim(seen.id, claimedAt, until))
      return refreshClaimed(parts, { claimed: seen, until }, brokered)
    if (now > giveUpAt) return 'unreachable'
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    const again = await parts.storage.credentials.find(seen)
    // Another credential may be for another API than the definition that the request was checked against.
    if (again?.id !== seen.id) return 'refused'
    seen = again
  }
}

async function refreshClaimed(
  parts: VaultParts,
  { claimed, until }: { readonly claimed: StoredCredential; readonly until: EpochMs },
  brokered: BrokeredDefinition,
): Promise<Refreshed> {
  try {
    return await refresh(parts, claimed, brokered)
  } finally {
    await parts.storage.credentials.release(claimed.id, until)
  }
}

async function refresh(
  parts: VaultParts,
  claimed: StoredCredential,
  brokered: BrokeredDefinition,
): Promise<Refreshed> {
  // Another process may have refreshed it just before the claim.
  const stored = await parts.storage.credentials.find(claimed)
  if (stored?.id !== claimed.id) return 'refused'
  const content = openContent(parts, stored)
  if (stored.sealed !== claimed.sealed) return content
  if (!('accessToken' in content) || content.refreshToken === undefined || !isOauth(brokered))
    return 'refused'
  const client = await openOauthClient(parts, stored.resourceApp, brokered)
  const answer = await client?.refresh(content.refreshToken)
  if (answer === undefined) return 'refused'
  if (answer.accepted) {
    const next = buildOauthContent(answer.value, content.brokered, parts.clock.nowMs())
    return (await keep(parts, stored, next)) ? next : 'refused'
  }
  if (answer.refusal.reason === 'failed') {
    parts.onFault(new Error(`${stored.resourceApp}: ${answer.refusal.detail}`), 'vault')
    return 'unreachable'
  }
  await revokeCredentials(parts, systemContext(REFUSED), { id: stored.id })
  return 'refused'
}

/** @returns false if it was revoked or replaced in the meantime; the service is then notified of its new tokens, too */
async function keep(parts: VaultParts, stored: StoredCredential, next: Content): Promise<boolean> {
  const { credentials } = parts.storage
  const sealed = sealContent(parts, stored.id, next)
  let seen: StoredCredential | undefined = stored
  // It may have been sealed again under another key.
  while (seen?.id === stored.id) {
    if (await credentials.replace(stored.id, seen.sealed, sealed)) return true
    seen = await credentials.find(stored)
  }
  await credentials.reseal(stored.id, stored.sealed, sealed)
  return false
}
