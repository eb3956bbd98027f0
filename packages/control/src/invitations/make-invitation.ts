// Creates an invitation: one side's facts about a connection, signed with the published key of its issuer.
import type { Invitation, InvitationFile, InvitedAuth } from '@crosswalk/admin-api'
import { newId, type Signer } from '@crosswalk/as-core'
import { type ClientAuth, DAY_SECONDS, isClientMetadataUrl } from '@crosswalk/protocol'

import { withoutPrivateKeys } from '../configuration/render-document.ts'

/** JWS type, so that no other token passes as an invitation, or the reverse (RFC 8725 section 3.11). */
export const INVITATION_TYPE = 'crosswalk-invitation+jwt'

export interface MakeInvitationOptions {
  readonly issuer: string
  readonly signer: Signer
  readonly days: number
  readonly nowMs: number
}

export interface SignedInvitation {
  readonly file: InvitationFile
  readonly invitation: Invitation
  readonly id: string
  readonly expiresAt: string
}

export async function signInvitation(
  invitation: Invitation,
  { issuer, signer, days, nowMs }: MakeInvitationOptions,
): Promise<SignedInvitation> {
  const id = newId('inv')
  const iat = Math.floor(nowMs / 1000)
  const exp = iat + days * DAY_SECONDS
  const signed = await signer.signJws(
    { typ: INVITATION_TYPE },
    { iss: issuer, jti: id, iat, exp, invitation: { ...invitation } },
  )
  const about = `Connects ${invitation.app.name} to ${invitation.resourceApp.name}. Accept it with: npx crosswalk invitation accept FILE`
  return {
    file: { schema: 'crosswalk.invitation/v1', about, signed },
    invitation,
    id,
    expiresAt: new Date(exp * 1000).toISOString(),
  }
}

/** @returns how the other side can recognise the client; a secret is not included */
export function describeAuth(clientId: string, auth: ClientAuth | undefined): InvitedAuth {
  if (isDocumentUrl(clientId)) return { method: 'metadata_document' }
  if (auth === undefined || auth.method === 'none') return { method: 'none' }
  if (auth.method !== 'private_key_jwt') return { method: auth.method }
  return withoutPrivateKeys({ ...auth }) as InvitedAuth
}

/** Whether a client id is the URL of a client metadata document. */
export function isDocumentUrl(clientId: string): boolean {
  return isClientMetadataUrl(clientId, { allowLoopback: false })
}
