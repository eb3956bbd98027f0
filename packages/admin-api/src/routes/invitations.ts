// Invitations: one signed file by which the two sides of a connection learn of each other what is typed by hand otherwise.
import {
  zAssignments,
  zClientId,
  zIssuer,
  zJwks,
  zResource,
  zScopeToken,
  zServerUrl,
  zTrustedIssuer,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'
import { zConfigurationDocument } from './configuration.ts'

/** Characters of the signed text: room for a hundred resources. */
export const LONGEST_INVITATION = 65_536

const zTenant = z.string().min(1).max(1024)
const zContact = z.string().trim().min(1).max(256)

const zInvitedAuth = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('private_key_jwt'),
    jwks: zJwks.optional(),
    jwksUri: zServerUrl.optional(),
  }),
  z.strictObject({ method: z.enum(['client_secret_basic', 'client_secret_post']) }),
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({
    method: z.literal('metadata_document'),
  }),
])
export type InvitedAuth = z.output<typeof zInvitedAuth>

export const zInvitation = z
  .strictObject({
    identityProvider: z.strictObject({ issuer: zIssuer, tenant: zTenant.optional() }),
    app: z.strictObject({
      id: zClientId.optional().describe('Its client id at the identity provider, where that is known.'),
      name: z.string().min(1).max(256),
      clientId: zClientId.describe('Its client id at the authorization server.'),
      auth: zInvitedAuth.describe(
        'How it authenticates at the authorization server. Public keys only; a secret is made there, and never in the file.',
      ),
    }),
    resourceApp: z.strictObject({ name: z.string().min(1).max(256) }),
    authorizationServer: z.strictObject({
      issuer: zIssuer,
      audTenant: zTenant.optional(),
      resources: z
        .array(z.strictObject({ id: zResource, scopes: z.array(zScopeToken).max(200) }))
        .min(1)
        .max(100),
    }),
    claims: z
      .array(z.string().min(1).max(128))
      .max(64)
      .describe('Claims of its ID-JAGs beside those that each has.'),
    contact: zContact.optional().describe('Who can be asked about it.'),
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.output<typeof zInvitation>

export const zInvitationFile = z
  .strictObject({
    schema: z.literal('crosswalk.invitation/v1'),
    about: z.string().max(1024).describe('What the file is and how it is accepted; for readers only.'),
    signed: z
      .string()
      .min(1)
      .max(LONGEST_INVITATION)
      .describe('A JWS by its maker’s published keys. Nothing else in the file counts.'),
  })
  .meta({ id: 'InvitationFile' })
export type InvitationFile = z.output<typeof zInvitationFile>

const makingMembers = {
  contact: zContact.optional().describe('Who can be asked about it, such as an e-mail address.'),
  days: z.int().min(1).max(30).default(7).describe('How long it can be accepted.'),
  reason: zReason.optional(),
}

const zMade = z.object({
  file: zInvitationFile,
  invitation: zInvitation,
  expiresAt: z.string().describe('RFC 3339'),
})

export const zOpenedInvitation = z
  .object({
    invitation: zInvitation,
    madeBy: z.string().describe('Issuer whose published keys verified it.'),
    expiresAt: z.string().describe('RFC 3339'),
    document: zConfigurationDocument.describe('What accepting it would define here: to plan, and to apply.'),
    secret: z
      .string()
      .optional()
      .describe(
        'Made for the client in `document`; hand it to the app. It is kept nowhere, and not shown again.',
      ),
    notes: z.array(z.string()).describe('What to check or do besides, one sentence each.'),
  })
  .meta({ id: 'OpenedInvitation' })
export type OpenedInvitation = z.output<typeof zOpenedInvitation>

export const invitationRoutes = defineRoutes('invitations', {
  'connections.invite': {
    method: 'POST',
    path: '/connections/{id}/invitation',
    summary: 'Make an invitation for the authorization server of a connection',
    description: 'Signed by this identity provider. It holds no secret; it can be sent by e-mail.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z.strictObject(makingMembers).meta({ id: 'ConnectionInvitation' }),
    replies: { 200: { description: 'The invitation.', body: zMade } },
    problems: [404, 409],
  },
  'authorization-servers.invite': {
    method: 'POST',
    path: '/authorization-servers/{id}/invitation',
    summary: 'Make an invitation for an identity provider that an authorization server trusts',
    description: 'Signed by that authorization server. It holds no secret; it can be sent by e-mail.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z
      .strictObject({
        client: zClientId.describe('Client at the authorization server that the app is.'),
        issuer: zIssuer.describe('Trusted issuer that is invited.'),
        ...makingMembers,
      })
      .meta({ id: 'AuthorizationServerInvitation' }),
    replies: { 200: { description: 'The invitation.', body: zMade } },
    problems: [404, 409],
  },
  'invitations.open': {
    method: 'POST',
    path: '/invitations/open',
    summary: 'Verify an invitation, and show what accepting it would define here',
    description:
      'Fetches the published keys of its maker. Changes nothing: `document` is for `/configuration/plan` and `/configuration/apply`.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({
        signed: zInvitationFile.shape.signed,
        app: zClientId.optional().describe('App here that is meant; needed where several could be.'),
        assignments: zAssignments
          .optional()
          .describe('Users of the connection at an identity provider; without any it stays a draft.'),
        provisioning: zTrustedIssuer.shape.provisioning
          .unwrap()
          .default('jit')
          .describe('What happens at an authorization server with users it does not know.'),
        emailDomains: z
          .array(z.string().min(1).max(253))
          .max(100)
          .default([])
          .describe(
            'Domains whose verified addresses find accounts at an authorization server; none unless given.',
          ),
      })
      .meta({ id: 'InvitationToOpen' }),
    bodyBytes: LONGEST_INVITATION * 2,
    replies: { 200: { description: 'What it says, and what it would define.', body: zOpenedInvitation } },
    problems: [404, 409, 422],
  },
})
