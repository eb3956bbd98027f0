// Proving a connection: a real exchange over it for a user who signs in at the IdP in the browser of an administrator.
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
    kept: z.boolean().describe('Whether the configuration has a secret that a proof may use.'),
    keptIn: z.string().optional().describe('Where that secret is kept.'),
    hosted: z.boolean().describe('Whether that authorization server runs here.'),
  })
  .meta({ id: 'CredentialPlace' })
export type CredentialPlace = z.output<typeof zCredentialPlace>

const zProofInput = z
  .strictObject({
    credential: zProofCredential.describe('Of the app at this identity provider.'),
    atResource: zProofCredential
      .optional()
      .describe(
        "Of the app at the resource's authorization server; without it, the proof ends with the ID-JAG.",
      ),
    resource: z.string().max(2048).optional().describe('One of the connection; the first unless given.'),
    scope: z
      .array(z.string().min(1).max(256))
      .max(100)
      .optional()
      .describe('All of the connection unless given.'),
    call: z
      .boolean()
      .default(false)
      .describe('Whether the resource is asked once (GET) with the access token.'),
  })
  .meta({ id: 'ProofInput' })
export type ProofInput = z.output<typeof zProofInput>

const zProofLeg = z
  .object({
    leg: z
      .enum(['sign-in', 'exchange', 'redemption', 'resource'])
      .describe('Code → ID token, ID token → ID-JAG, ID-JAG → access token, call of the resource.'),
    outcome: z.enum(['done', 'refused', 'skipped']),
    server: z.string().describe('Who answered, or would have.'),
    status: z.int().optional().describe('HTTP status.'),
    error: z.string().optional().describe('OAuth error of the answer.'),
    code: z.string().optional().describe('Our code of the refusal.'),
    problem: z.string().optional().describe('What was wrong, in words.'),
    fix: z.string().optional(),
    decision: z.string().optional().describe('Id of the decision record, at the server that answered.'),
    scope: z.array(z.string()).optional().describe('What was granted.'),
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
      .describe('`waiting`: for the sign-in; `expired`: no sign-in in time, or the run was cut short.'),
    by: z.string(),
    startedAt: z.string().describe('RFC 3339'),
    expiresAt: z.string().describe('RFC 3339; the sign-in must end before.'),
    finishedAt: z.string().optional().describe('RFC 3339'),
    user: z.string().optional().describe('Who signed in.'),
    steppedUp: z.boolean().describe('Whether a stronger or fresher sign-in was asked for on the way.'),
    legs: z.array(zProofLeg).describe('In order; no token is in any of them.'),
    accessTokenEndsAt: z
      .string()
      .optional()
      .describe('RFC 3339; of an access token that could not be revoked.'),
  })
  .meta({ id: 'Proof' })
export type Proof = z.output<typeof zProof>

export const proofRoutes = defineRoutes('connections', {
  'connections.prove': {
    method: 'POST',
    path: '/connections/{id}/prove',
    summary: 'Begin a real exchange over one connection, in the browser of this session of the console',
    description:
      'Answers where to go, in the same browser, to sign in as a user it is for. Needs a session of the console. The credentials are used once, kept sealed until then, and recorded nowhere.',
    roles: ALLOWED.changeConnections,
    params: zIdParam,
    body: zProofInput,
    replies: {
      200: {
        description: 'It was begun.',
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
    summary: 'Say where the credentials for a proof are kept; shows none of them',
    roles: ALLOWED.changeConnections,
    params: zIdParam,
    replies: {
      200: {
        description: 'Where they are kept.',
        body: z.object({
          atIdp: zCredentialPlace.describe('Of the app at this identity provider.'),
          atResource: zCredentialPlace.describe("Of the app at the resource's authorization server."),
        }),
      },
    },
    problems: [404, 409],
  },
  'connections.proof': {
    method: 'GET',
    path: '/connections/{id}/proofs/{proof}',
    summary: 'Say what came of a proof; known for an hour',
    roles: ALLOWED.changeConnections,
    params: zIdParam.extend({ proof: z.string().min(1).describe('Id of the proof.') }),
    conditional: 'read',
    replies: { 200: { description: 'What came of it.', body: zProof } },
    problems: [404],
  },
})
