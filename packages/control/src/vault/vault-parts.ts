// What the vault works with, and the content it seals for a credential.
import { type Clock, openCredential, sealCredential, type Sealing } from '@crosswalk/as-core'
import { createOauthClient, type OauthClient, type OauthTokens } from '@crosswalk/as-core/oidc'
import type { BrokeredDefinition, EpochMs, OauthCredentialDefinition } from '@crosswalk/protocol'
import type { Storage, StoredCredential } from '@crosswalk/storage'

import type { Directory } from '../definitions/directory.ts'

export interface VaultParts {
  readonly directory: Pick<Directory, 'current' | 'judgeAndWrite'>
  /** Its clock counts for claims: one of a process whose own clock runs ahead would outlast the process. */
  readonly storage: Pick<Storage, 'credentials' | 'events' | 'ledger'> & {
    readonly expiry: Pick<Storage['expiry'], 'readTimeMs'>
  }
  readonly sealing: Sealing
  readonly clock: Clock
  readonly baseUrl: string
  /** The IdP's issuer identifier; undefined if none runs here */
  readonly issuer: string | undefined
  /** The guarded fetch for a service */
  fetch(brokered: Pick<BrokeredDefinition, 'privateNetwork'>): typeof globalThis.fetch
  onFault(fault: unknown, reference: string): void
}

/** Sealed with the definition it was stored under: it is never sent elsewhere, even if the definition changes. */
export type Content = { readonly brokered: BrokeredDefinition } & (
  | { readonly secret: string }
  | {
      readonly accessToken: string
      readonly refreshToken?: string | undefined
      readonly expiresAt?: EpochMs | undefined
    }
)

export type OauthContent = Extract<Content, { accessToken: string }>

/** For `listRevoked`: also what a process works on */
export const EVER = Number.MAX_SAFE_INTEGER

export function sealContent({ sealing }: Pick<VaultParts, 'sealing'>, id: string, content: Content): string {
  return sealCredential(sealing, id, content)
}

export function openContent(
  { sealing }: Pick<VaultParts, 'sealing'>,
  { id, sealed }: Pick<StoredCredential, 'id' | 'sealed'>,
): Content {
  return openCredential(sealing, id, sealed) as Content
}

export function buildOauthContent(
  { accessToken, refreshToken, expiresInSeconds }: OauthTokens,
  brokered: BrokeredDefinition,
  nowMs: EpochMs,
): OauthContent {
  return {
    brokered,
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresInSeconds === undefined ? {} : { expiresAt: nowMs + expiresInSeconds * 1000 }),
  }
}

/** @returns the definition of a resource app, if it is brokered and active */
export function findBrokered({ directory }: Pick<VaultParts, 'directory'>, resourceApp: string) {
  const { definition } = directory.current().world['resource-apps'].get(resourceApp) ?? {}
  return definition?.brokered === undefined || !definition.active
    ? undefined
    : { ...definition, brokered: definition.brokered }
}

/** Whether each user has a separate credential. */
export function isPerUser({ credential }: BrokeredDefinition): boolean {
  return credential.kind === 'oauth' || credential.per === 'user'
}

export type OauthBrokered = BrokeredDefinition & { readonly credential: OauthCredentialDefinition }

export function isOauth(brokered: BrokeredDefinition): brokered is OauthBrokered {
  return brokered.credential.kind === 'oauth'
}

/** @returns the client for the service; undefined if its secret is not stored */
export async function openOauthClient(
  parts: VaultParts,
  resourceApp: string,
  brokered: OauthBrokered,
): Promise<OauthClient | undefined> {
  const stored = await findClientSecret(parts, resourceApp)
  return buildClient(parts, brokered, { secrets: stored === undefined ? [] : [stored], isSame: isSamePlace })
}

/** The same for token revocation, for which a client secret counts that was revoked together with the tokens. */
export async function openRevocationClient(
  parts: VaultParts,
  resourceApp: string,
  brokered: OauthBrokered,
): Promise<OauthClient | undefined> {
  const stored = await findClientSecret(parts, resourceApp)
  const revoked = await parts.storage.credentials.listRevoked(EVER, { resourceApp, kind: 'clientSecret' })
  const secrets = [...(stored === undefined ? [] : [stored]), ...revoked.toReversed()]
  return buildClient(parts, brokered, { secrets, isSame: isSameRevocation })
}

function findClientSecret({ storage }: VaultParts, resourceApp: string) {
  return storage.credentials.find({ resourceApp, userId: undefined, kind: 'clientSecret' })
}

interface Secrets {
  /** The first that may be sent counts */
  readonly secrets: readonly StoredCredential[]
  /** Whether a secret may be sent to the endpoints of the definition */
  isSame(content: Content, now: BrokeredDefinition): boolean
}

/** Opens one after the other, because an old secret that cannot be opened must not matter. */
function findSecret(
  parts: VaultParts,
  brokered: OauthBrokered,
  { secrets, isSame }: Secrets,
): string | undefined {
  for (const stored of secrets) {
    const content = openContent(parts, stored)
    if ('secret' in content && isSame(content, brokered)) return content.secret
  }
  return undefined
}

function buildClient(parts: VaultParts, brokered: OauthBrokered, secrets: Secrets): OauthClient | undefined {
  const secret = findSecret(parts, brokered, secrets)
  if (secret === undefined && brokered.credential.clientAuth !== 'none') return undefined
  return createOauthClient(brokered.credential, { secret, fetch: parts.fetch(brokered) })
}

/** Whether a stored credential may be sent to the endpoints of the current definition. */
export function isSamePlace({ brokered }: Content, now: BrokeredDefinition): boolean {
  return brokered.api === now.api && findTokenEndpoint(brokered) === findTokenEndpoint(now)
}

/** The same for token revocation, for which the client authenticates too. */
function isSameRevocation(content: Content, now: BrokeredDefinition): boolean {
  return isSamePlace(content, now) && findRevocationEndpoint(content.brokered) === findRevocationEndpoint(now)
}

function findRevocationEndpoint({ credential }: BrokeredDefinition): string | undefined {
  return credential.kind === 'oauth' ? credential.revocationEndpoint : undefined
}

function findTokenEndpoint({ credential }: BrokeredDefinition): string | undefined {
  return credential.kind === 'oauth' ? credential.tokenEndpoint : undefined
}
