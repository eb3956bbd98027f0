// What an allowed exchange will answer: prepared before the ledger is asked, signed or stored only after it said yes.
import { digest, randomToken, type TokenAnswer } from '@crosswalk/as-core'
import {
  buildIdJagClaims,
  type ExchangeFacts,
  type ExchangeSnapshot,
  isRefreshExchange,
  type SignInFact,
  type SubjectFact,
} from '@crosswalk/policy'
import {
  type DecisionRecord,
  type Granted,
  JWT_TYP,
  renderScope,
  TOKEN_TYPE,
  TOKEN_TYPE_NOT_APPLICABLE,
} from '@crosswalk/protocol'

import type { ExchangeDependencies } from './dependencies.ts'
import { createPairwise } from './pairwise.ts'

export interface DraftParts {
  readonly deps: ExchangeDependencies
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
}

export interface Draft {
  /** Type of the audit event */
  readonly type: string
  /** Names the token in the audit log, as a digest */
  readonly jti: string
  readonly grantId: string
  readonly lifetimeSeconds: number
  /** Makes the token; called once, after the grant is durable. */
  render(): Promise<Extract<TokenAnswer, { body: unknown }>['body']>
}

export function draftAnswer(record: DecisionRecord, parts: DraftParts): Draft {
  return isRefreshExchange(parts.facts.request) ? draftRefreshToken(record, parts) : draftIdJag(record, parts)
}

export function findSignIn(subject: SubjectFact): SignInFact | undefined {
  if (subject.kind === 'id_token') return subject.session
  return subject.kind === 'none' ? undefined : subject.signIn
}

function draftIdJag(record: DecisionRecord, { deps, facts, snapshot }: DraftParts): Draft {
  const { granted } = record
  const resourceApp = snapshot.resourceApps.get(record.resolution.resource_app ?? '')
  const { user } = facts
  const signIn = findSignIn(facts.subject)
  if (granted === null || resourceApp === undefined || user === undefined || signIn === undefined) {
    throw new TypeError('an allowed exchange names its grant, resource app, user and sign-in')
  }
  const claims = buildIdJagClaims({
    issuer: snapshot.issuer,
    granted,
    resourceApp,
    user,
    signIn,
    jti: randomToken(),
    now: facts.nowMs / 1000,
    pairwise: createPairwise(deps.sealing),
  })
  return {
    type: 'idjag.issued',
    jti: claims.jti,
    grantId: digest(claims.jti),
    lifetimeSeconds: granted.lifetime_seconds,
    render: async () => ({
      access_token: deps.signingKeys.current('id-jag').signJws({ typ: JWT_TYP.idJag }, claims),
      ...describeToken(TOKEN_TYPE.idJag, granted),
      resource: claims.resource,
      authorization_details: granted.authorization_details,
    }),
  }
}

/** The refresh token is an identity assertion for later exchanges here, not an access token (SAML-02). */
function draftRefreshToken(record: DecisionRecord, { deps, facts }: DraftParts): Draft {
  const { granted } = record
  const signIn = findSignIn(facts.subject)
  const { authTime, endsAt } = signIn ?? {}
  if (granted === null || signIn === undefined || authTime === undefined)
    throw new TypeError('an allowed exchange names its grant and a sign-in with its moment')
  const jti = randomToken()
  return {
    type: 'refresh_token.issued',
    jti,
    grantId: digest(jti),
    lifetimeSeconds: granted.lifetime_seconds,
    render: async () => ({
      access_token: await deps.signIn.issueRefreshToken({
        userId: signIn.userId,
        clientId: granted.client_id,
        scope: granted.scope,
        authTime,
        acr: signIn.acr,
        endsInSeconds: endsAt === undefined ? undefined : granted.lifetime_seconds,
        dpopThumbprint: granted.cnf?.jkt,
      }),
      ...describeToken(TOKEN_TYPE.refreshToken, granted),
    }),
  }
}

function describeToken(type: string, granted: Granted) {
  return {
    issued_token_type: type,
    token_type: TOKEN_TYPE_NOT_APPLICABLE,
    expires_in: granted.lifetime_seconds,
    scope: renderScope(granted.scope),
  }
}
