// Proofs of connections: a real exchange for a user who signs in at the IdP in the browser of an administrator.
import { zClientSecret } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam } from '../schemas/common.ts'

const zProofCredential = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('secret'), secret: zClientSecret }),
    z.strictObject({
      kind: z.literal('private_key'),
      key: z.string().min(1).max(16_384).describe('PKCS#8 PEM, or a private JWK.'),
    }),
    z.strictObject({ kind: z.literal('none') }),
    z
      .strictObject({ kind: z.literal('kept') })
      .describe('The secret in `admin.proofCredentials` of the configuration.'),
  ])
  .meta({ id: 'ProofCredential' })
export type ProofCredential = z.output<typeof zProofCredential>

const zCredentialPlace = z
  .object({
    issuer: z.string().describe('Authorization server that the credential is for.'),
    clientId: z.string(),
    kept: z.boolean().describe('Whether the configuration has a secret for proofs.'),
    keptIn: z.string().optional().describe('Where that secret is kept.'),
    hosted: z.boolean().describe('Whether that authorization server runs here.'),
    inBody: z
      .boolean()
      .optional()
      .describe('Whether the app is registered there for `client_secret_post`, if that server runs here.'),
  })
  .meta({ id: 'CredentialPlace' })
export type CredentialPlace = z.output<typeof zCredentialPlace>

const zProofInput = z
  .strictObject({
    credential: zProofCredential.describe('Credential of the app at this identity provider.'),
    atResource: zProofCredential
      .optional()
      .describe(
        "Credential of the app at the resource's authorization server; without it, the proof ends with the ID-JAG.",
      ),
    resource: z.string().max(2048).optional().describe('A resource of the connection; default: the first.'),
    scope: z
      .array(z.string().min(1).max(256))
      .max(100)
      .optional()
      .describe('Scopes of the connection; default: all.'),
    call: z
      .boolean()
      .default(false)
      .describe('Whether to call the resource once (GET) with the access token.'),
  })
  .meta({ id: 'ProofInput' })
export type ProofInput = z.output<typeof zProofInput>

const zProofLeg = z
  .object({
    leg: z
      .enum(['sign-in', 'exchange', 'redemption', 'resource'])
      .describe('Code → ID token, ID token → ID-JAG, ID-JAG → access token, call of the resource.'),
    outcome: z.enum(['done', 'refused', 'skipped']),
    server: z.string().describe('Server that responded, or would have.'),
    status: z.int().optional().describe('HTTP status.'),
    error: z.string().optional().describe('OAuth error of the response.'),
    code: z.string().optional().describe('Crosswalk code of the refusal.'),
    problem: z.string().optional().describe('What was wrong.'),
    fix: z.string().optional(),
    decision: z.string().optional().describe('Id of the decision record at the server that responded.'),
    scope: z.array(z.string()).optional().describe('Granted scopes.'),
    ms: z.int().optional(),
  })
  .meta({ id: 'ProofLeg' })
export type ProofLeg = z.output<typeof zProofLeg>

const zProof = z
  .object({
    id: z.string(),
    connection: z.string(),
    state: z
      .enum(['waiting', 'running', 'expired', 'done'])
      .describe('`waiting`: for the sign-in; `expired`: no sign-in in time, or the run was interrupted.'),
    by: z.string(),
    startedAt: z.string().describe('RFC 3339'),
    expiresAt: z.string().describe('RFC 3339; deadline for the sign-in.'),
    finishedAt: z.string().optional().describe('RFC 3339'),
    user: z.string().optional().describe('Who signed in.'),
    steppedUp: z.boolean().describe('Whether a stronger or more recent sign-in was required.'),
    legs: z.array(zProofLeg).describe('In order, without tokens.'),
    accessTokenEndsAt: z
      .string()
      .optional()
      .describe('RFC 3339; expiry of an access token that could not be revoked.'),
  })
  .meta({ id: 'Proof' })
export type Proof = z.output<typeof zProof>

export const proofRoutes = defineRoutes('connections', {
  'connections.prove': {
    method: 'POST',
    path: '/connections/{id}/prove',
    summary: 'Start a real exchange over a connection in the browser of this console session',
    description:
      'Returns the URL to open in the same browser, to sign in as a user of the connection. Requires a console session. The credentials are used once, encrypted until then, and never recorded.',
    roles: ALLOWED.changeConnections,
    params: zIdParam,
    body: zProofInput,
    replies: {
      200: {
        description: 'Started.',
        body: z.object({
          id: z.string(),
          url: z.string().describe('Authorization request at this identity provider.'),
          expiresAt: z.string().describe('RFC 3339'),
        }),
      },
    },
    problems: [404, 409],
  },
  'connections.proof-credentials': {
    method: 'GET',
    path: '/connections/{id}/proof-credentials',
    summary: 'Show where the credentials for a proof are kept, without the credentials',
    roles: ALLOWED.changeConnections,
    params: zIdParam,
    replies: {
      200: {
        description: 'Where they are kept.',
        body: z.object({
          atIdp: zCredentialPlace.describe('Credential of the app at this identity provider.'),
          atResource: zCredentialPlace.describe(
            "Credential of the app at the resource's authorization server.",
          ),
        }),
      },
    },
    problems: [404, 409],
  },
  'connections.proof': {
    method: 'GET',
    path: '/connections/{id}/proofs/{proof}',
    summary: 'Read the result of a proof, for up to an hour',
    roles: ALLOWED.changeConnections,
    params: zIdParam.extend({ proof: z.string().min(1).describe('Id of the proof.') }),
    conditional: 'read',
    replies: { 200: { description: 'The result.', body: zProof } },
    problems: [404],
  },
})
