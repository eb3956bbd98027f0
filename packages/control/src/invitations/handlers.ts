// Invitations in the admin API: created by one side of a connection, opened by the other.
import type { Invitation, invitationRoutes } from '@crosswalk/admin-api'

import { buildAdminEvent } from '../audit/change-event.ts'
import { findPurpose } from '../audit/keys.ts'
import { findShown } from '../views/read-objects.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, conflict, isProblem, noIdentityProvider, type Problem } from '../http/problem.ts'
import { withFetch } from '../http/with-fetch.ts'
import { describeConnection, describeTrust } from './describe-sides.ts'
import { type SignedInvitation, signInvitation } from './make-invitation.ts'
import { openInvitation } from './open-invitation.ts'
import type { InvitationPlan, InvitationChoices } from './invitation-plan.ts'
import { planAtAuthorizationServer } from './plan-at-authorization-server.ts'
import { planAtIdentityProvider } from './plan-at-identity-provider.ts'

export function createInvitationHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'signingKeys'>,
): Pick<Handlers, keyof typeof invitationRoutes> {
  return {
    async 'connections.invite'({ params: { id }, body: { contact, days } }, context) {
      const { idp } = parts.configuration
      const connection = await findShown(parts, 'connections', id, context)
      if (isProblem(connection)) return connection
      if (idp === undefined) return noIdentityProvider()
      const invitation = describeConnection(parts.directory.current().world, connection, idp.issuer)
      if (typeof invitation === 'string') return conflict(invitation)
      const key = findPurpose(parts, 'idp', 'id-jag')
      const made = await make(parts, context, { invitation, contact, days, issuer: idp.issuer, key })
      return { status: 200, body: made }
    },
    async 'authorization-servers.invite'({ params: { id }, body }, context) {
      const { client, issuer, contact, days } = body
      const server = parts.directory.current().world['authorization-servers'].get(id)?.definition
      if (server === undefined) return buildProblem('not-found')
      const invitation = describeTrust(server, { clientId: client, issuer })
      if (typeof invitation === 'string') return conflict(invitation)
      const key = findPurpose(parts, `as:${id}`, 'access-token')
      const made = await make(parts, context, { invitation, contact, days, issuer: server.issuer, key })
      return { status: 200, body: made }
    },
    'invitations.open': ({ body: { signed, ...choices } }) =>
      withFetch(parts, async (fetch) => {
        const opened = await openInvitation(signed, { fetch, clock: parts.clock })
        if (!opened.accepted) return conflict(opened.refusal)
        const plan = planHere(parts, opened.value, choices)
        if (isProblem(plan)) return plan
        return { status: 200, body: { ...opened.value, ...plan, notes: [...plan.notes] } }
      }),
  }
}

interface ToMake {
  readonly invitation: Invitation
  readonly contact: string | undefined
  readonly days: number
  readonly issuer: string
  /** The signing key of this issuer that the other side knows */
  readonly key: ReturnType<typeof findPurpose>
}

async function make(
  { clock, storage }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { invitation, contact, days, issuer, key }: ToMake,
): Promise<Omit<SignedInvitation, 'id'>> {
  if (key === undefined) throw new Error(`${issuer} has no key to sign with`)
  const signer = key.held.current(key.purpose)
  const nowMs = clock.nowMs()
  const whole = contact === undefined ? invitation : { ...invitation, contact }
  const { id, ...made } = await signInvitation(whole, { issuer, signer, days, nowMs })
  const event = buildAdminEvent(context, nowMs, {
    type: 'invitation.created',
    category: 'governance',
    target: { kind: 'invitation', id },
    change: {
      issuer,
      app: invitation.app.clientId,
      authorization_server: invitation.authorizationServer.issuer,
      expires_at: made.expiresAt,
    },
  })
  await storage.ledger.commit(event)
  return made
}

/** If one side created the invitation, the other must be here. */
function planHere(
  parts: Parts<'configuration' | 'directory'>,
  { invitation, madeBy }: { readonly invitation: Invitation; readonly madeBy: string },
  choices: InvitationChoices,
): InvitationPlan | Problem {
  const { identityProvider, authorizationServer } = invitation
  if (madeBy === identityProvider.issuer)
    return (
      planAtAuthorizationServer(parts, invitation, choices) ??
      conflict(
        `The invitation is for the authorization server ${authorizationServer.issuer}, which does not run here.`,
      )
    )
  if (parts.configuration.idp?.issuer !== identityProvider.issuer)
    return conflict(
      `The invitation is for the identity provider ${identityProvider.issuer}, which does not run here.`,
    )
  const plan = planAtIdentityProvider(parts, invitation, choices)
  return plan.accepted ? plan.value : conflict(plan.refusal)
}
