// What an allowed exchange will issue: prepared before the commit, signed or stored only after it.
import { type Draft, draftJws, grantIdOf, newTokenId, type ReplayKey } from '@crosswalk/as-core'
import {
  buildIdJagClaims,
  type ExchangeFacts,
  type ExchangeSnapshot,
  isRefreshExchange,
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
import { actorReplayKeys } from './observe-actor.ts'
import { recordDescent } from './observe-access-token.ts'
import { samlReplayKey } from './observe-saml.ts'
import { findSignIn } from './observe-subject.ts'
import { createPairwise } from './pairwise.ts'

export interface DraftParts {
  readonly deps: ExchangeDependencies
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
}

export function draftExchange(record: DecisionRecord, parts: DraftParts): Draft {
  const { facts, snapshot } = parts
  const draft = isRefreshExchange(facts.request)
    ? draftRefreshToken(record, parts)
    : draftIdJag(record, parts)
  return {
    ...draft,
    replayKeys: [
      ...actorReplayKeys(facts.actor, snapshot),
      ...subjectReplayKeys(facts.subject, snapshot.clockSkewSeconds),
    ],
  }
}

/** Assertions are the only single-use subject tokens (SAML-04). */
function subjectReplayKeys(subject: SubjectFact, clockSkewSeconds: number): readonly ReplayKey[] {
  return subject.kind === 'saml' && subject.token.state === 'verified'
    ? [samlReplayKey(subject.token.assertion, clockSkewSeconds)]
    : []
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
    jti: newTokenId(),
    now: facts.nowMs / 1000,
    pairwise: createPairwise(deps.sealing),
  })
  const token = draftJws(() => deps.signingKeys.current('id-jag'), { typ: JWT_TYP.idJag }, claims)
  return {
    type: 'idjag.issued',
    prepare: token.prepare,
    ...nameToken(claims.jti, granted),
    ...(facts.volumeLastHour === undefined
      ? {}
      : { reserve: () => deps.volume.reserve(facts.client.clientId ?? '', user.id, facts.nowMs) }),
    async issue() {
      await recordDescent(facts.subject, claims.jti, deps.issuedTokens)
      return {
        access_token: await token.take(),
        ...describeToken(TOKEN_TYPE.idJag, granted),
        resource: claims.resource,
        authorization_details: granted.authorization_details,
      }
    },
  }
}

/** The refresh token is an identity assertion for later exchanges here, not for access (SAML-02). */
function draftRefreshToken(record: DecisionRecord, { deps, facts }: DraftParts): Draft {
  const { granted } = record
  const signIn = findSignIn(facts.subject)
  const { authTime, endsAt } = signIn ?? {}
  if (granted === null || signIn === undefined || authTime === undefined)
    throw new TypeError('an allowed exchange names its grant and a sign-in with its time')
  return {
    type: 'refresh_token.issued',
    ...nameToken(newTokenId(), granted),
    issue: async () => ({
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

/** @param jti - identifies the token in the audit log, as a digest */
function nameToken(jti: string, { lifetime_seconds: lifetimeSeconds }: Granted) {
  return { issued: { jti, lifetimeSeconds }, grantId: grantIdOf(jti) }
}

function describeToken(type: string, granted: Granted) {
  return {
    issued_token_type: type,
    token_type: TOKEN_TYPE_NOT_APPLICABLE,
    expires_in: granted.lifetime_seconds,
    scope: renderScope(granted.scope),
  }
}
