// Invitations: signed files by which the two sides of a connection exchange what they would otherwise enter manually.
import {
  zAssignments,
  zClientId,
  zIssuer,
  zJwks,
  zResource,
  zScopeToken,
  zServerUrl,
  zDisplayName,
  zTrustedIssuer,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'
import { zConfigurationDocument } from './configuration.ts'

/** Maximum characters of the signed text: enough for a hundred resources. */
export const LONGEST_INVITATION = 65_536

const zTenant = z.string().min(1).max(1024)
/** Written by the other side, and shown to administrators here. */
const zName = zDisplayName(256).min(1)
const zContact = zDisplayName(256).trim().min(1)

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
      id: zClientId.optional().describe('Its client id at the identity provider, if known.'),
      name: zName,
      clientId: zClientId.describe('Its client id at the authorization server.'),
      auth: zInvitedAuth.describe(
        'How it authenticates at the authorization server. Only public keys; a secret is generated there, and never in the file.',
      ),
    }),
    resourceApp: z.strictObject({ name: zName }),
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
      .describe('Claims of its ID-JAGs in addition to the standard ones.'),
    contact: zContact.optional().describe('Contact for questions.'),
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.output<typeof zInvitation>

export const zInvitationFile = z
  .strictObject({
    schema: z.literal('crosswalk.invitation/v1'),
    about: z.string().max(1024).describe('Explains the file and how to accept it, for readers.'),
    signed: z
      .string()
      .min(1)
      .max(LONGEST_INVITATION)
      .describe('JWS, signed with a published key of its creator. Everything else in the file is ignored.'),
  })
  .meta({ id: 'InvitationFile' })
export type InvitationFile = z.output<typeof zInvitationFile>

const makingMembers = {
  contact: zContact.optional().describe('Contact for questions, such as an e-mail address.'),
  days: z.int().min(1).max(30).default(7).describe('Number of days in which it can be accepted.'),
  reason: zReason.optional(),
}

const zMade = z.object({
  file: zInvitationFile,
  invitation: zInvitation,
  expiresAt: z.string().describe('RFC 3339'),
})

const zOpenedInvitation = z
  .object({
    invitation: zInvitation,
    madeBy: z.string().describe('Issuer whose published keys were used to verify it.'),
    expiresAt: z.string().describe('RFC 3339'),
    document: zConfigurationDocument.describe(
      'Definitions that accepting it would create here, to plan and apply.',
    ),
    secret: z
      .string()
      .optional()
      .describe(
        'Generated for the client in `document`; pass it on to the app. It is not stored, and not shown again.',
      ),
    notes: z.array(z.string()).describe('What else to check or do, one sentence each.'),
  })
  .meta({ id: 'OpenedInvitation' })
export type OpenedInvitation = z.output<typeof zOpenedInvitation>

export const invitationRoutes = defineRoutes('invitations', {
  'connections.invite': {
    method: 'POST',
    path: '/connections/{id}/invitation',
    summary: 'Create an invitation for the authorization server of a connection',
    description: 'Signed by this identity provider. Contains no secret, so it can be sent by e-mail.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z.strictObject(makingMembers).meta({ id: 'ConnectionInvitation' }),
    replies: { 200: { description: 'The invitation.', body: zMade } },
    problems: [404, 409],
  },
  'authorization-servers.invite': {
    method: 'POST',
    path: '/authorization-servers/{id}/invitation',
    summary: 'Create an invitation for an identity provider that an authorization server trusts',
    description: 'Signed by that authorization server. Contains no secret, so it can be sent by e-mail.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z
      .strictObject({
        client: zClientId.describe('Client id of the app at the authorization server.'),
        issuer: zIssuer.describe('Trusted issuer to invite.'),
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
      'Fetches the published keys of its creator. Changes nothing: pass `document` to `/configuration/plan` and `/configuration/apply`.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({
        signed: zInvitationFile.shape.signed,
        app: zClientId.optional().describe('The app here; required if several match.'),
        assignments: zAssignments
          .optional()
          .describe(
            'Users of the connection at an identity provider; without any, the connection is a draft.',
          ),
        provisioning: zTrustedIssuer.shape.provisioning
          .unwrap()
          .default('jit')
          .describe('How an authorization server handles unknown users.'),
        emailDomains: z
          .array(z.string().min(1).max(253))
          .max(100)
          .default([])
          .describe(
            'Domains whose verified addresses match accounts at an authorization server; default: none.',
          ),
      })
      .meta({ id: 'InvitationToOpen' }),
    bodyBytes: LONGEST_INVITATION * 2,
    replies: { 200: { description: 'The invitation, and what it would define.', body: zOpenedInvitation } },
    problems: [404, 409, 422],
  },
})
