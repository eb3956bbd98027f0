// The vault: credentials for services without ID-JAG support. Stored and revoked by administrators and by their users,
// released to gateways, and never shown again.
import { createRounds } from '@crosswalk/as-core'
import type { StoredCredentials } from '@crosswalk/resource-as'
import type { CredentialQuery, StoredCredential } from '@crosswalk/storage'

import type { AdminContext } from '../http/context.ts'
import { beginConnect, completeConnect } from './connect-account.ts'
import { releaseCredential } from './release-credential.ts'
import { type NewContent, revokeCredentials, storeCredential } from './store-credential.ts'
import { notifyServices } from './notify-services.ts'
import { findBrokered, type VaultParts } from './vault-parts.ts'

export interface NewSecret {
  readonly resourceApp: string
  /** Undefined for a secret of the resource app itself */
  readonly userId: string | undefined
  readonly secret: string
}

export interface Vault extends StoredCredentials {
  list(query: CredentialQuery): Promise<readonly StoredCredential[]>
  /** Stores an API key, or the client secret for the service. @returns its id, or why it cannot be stored */
  store(context: AdminContext, secret: NewSecret): Promise<{ readonly id: string } | string>
  /** No longer released once this resolves. @returns the number revoked */
  revoke(context: AdminContext, query: CredentialQuery): Promise<number>
  begin(visitor: Parameters<typeof beginConnect>[1]): ReturnType<typeof beginConnect>
  complete(
    context: AdminContext,
    visitor: Parameters<typeof completeConnect>[2],
  ): ReturnType<typeof completeConnect>
  close(): Promise<void>
}

export interface VaultPart {
  readonly vault: Vault
}

const NOTIFY_INTERVAL_MS = 2_000
const USED_STEP_MS = 60_000

export function createVault(parts: VaultParts): Vault {
  const { credentials } = parts.storage
  const notifications = createRounds(() => notifyServices(parts), {
    everyMs: NOTIFY_INTERVAL_MS,
    onFault: (fault) => parts.onFault(fault, 'vault'),
  })
  return {
    list: (query) => credentials.list(query),
    store: (context, secret) => storeCredential(parts, context, () => judgeSecret(parts, secret)),
    async revoke(context, query) {
      const count = await revokeCredentials(parts, context, query)
      if (count > 0) void notifications.run()
      return count
    },
    begin: (visitor) => beginConnect(parts, visitor),
    async complete(context, visitor) {
      const problem = await completeConnect(parts, context, visitor)
      if (problem === undefined) void notifications.run()
      return problem
    },
    serves: (issuer) =>
      [...parts.directory.current().world['resource-apps'].values()].some(
        ({ definition }) => definition.issuer === issuer && definition.brokered !== undefined,
      ),
    release: (token) => releaseCredential(parts, token),
    async used(id) {
      const [found] = await credentials.list({ id })
      const now = parts.clock.nowMs()
      if (found !== undefined && now - (found.usedAt ?? 0) >= USED_STEP_MS) await credentials.used(id, now)
    },
    close: () => notifications.close(),
  }
}

/** @returns what to store, or why it cannot be stored */
async function judgeSecret(
  parts: VaultParts,
  { resourceApp, userId, secret }: NewSecret,
): Promise<NewContent | string> {
  if (!/^[\x20-\x7e]+$/.test(secret)) return 'A secret may only contain printable ASCII characters.'
  const brokered = findBrokered(parts, resourceApp)?.brokered
  if (brokered === undefined) return `There is no active resource app ${resourceApp} that is brokered.`
  const { credential } = brokered
  if (userId !== undefined && (await parts.directory.current().users.findById(userId)) === undefined)
    return `There is no user ${userId}.`
  const isPerUser = credential.kind === 'apiKey' && credential.per === 'user'
  if (isPerUser && userId === undefined)
    return `Each user of ${resourceApp} has a separate key. Specify the user.`
  if (!isPerUser && userId !== undefined)
    return credential.kind === 'oauth'
      ? `Users of ${resourceApp} connect their accounts themselves; only the client secret is stored here.`
      : `${resourceApp} has one key for all users. Do not specify a user.`
  if (credential.kind === 'oauth' && credential.clientAuth === 'none')
    return `The client at ${resourceApp} has no secret.`
  const kind = credential.kind === 'oauth' ? 'clientSecret' : 'apiKey'
  return { place: { resourceApp, userId, kind }, content: { brokered, secret } }
}
