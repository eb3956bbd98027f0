// Changes to the request: other parameters, a proof, or a new sign-in.
import type { XaaCode } from '@crosswalk/protocol'

import { findChain } from '../exchange/chain-checks.ts'
import { findOpening, renderOpening } from '../exchange/connection-checks.ts'
import {
  type Change,
  editDefinition,
  type Question,
  MAX_ALTERNATIVES,
  type Situation,
  withConnection,
  withFacts,
  withRequest,
} from './change.ts'
import { renderTime } from '../moment.ts'
import { grantAccess } from './grant-changes.ts'

export function useExactAudience({ check }: Situation): readonly Change[] {
  const code: XaaCode = 'XAA1302'
  const { expected } = check
  if (check.code !== code || typeof expected !== 'string') return []
  return [
    {
      id: `audience ${expected}`,
      owner: 'developer',
      text: `Send the audience exactly as registered: ${expected}`,
      ask: { audience: expected },
      apply: (question) => withRequest(question, { audience: [expected] }),
    },
  ]
}

export function nameResource({ question, check, record }: Situation): readonly Change[] {
  if (check.code !== 'XAA1305' && check.code !== 'XAA1303') return []
  return record.resolution.candidates
    .flatMap((id) => question.snapshot.resourceApps.get(id)?.resources ?? [])
    .slice(0, MAX_ALTERNATIVES)
    .map(({ id }) => ({
      id: `resource ${id}`,
      owner: 'developer',
      text: `Request the resource ${id}.`,
      ask: { resource: id },
      apply: (asked) => withRequest(asked, { resource: [id] }),
    }))
}

/** Requests what the connection allows, or extends the connection to what was requested. */
export function askWithin(situation: Situation): readonly Change[] {
  const { question, record, connection, connectionName } = situation
  if (connection === undefined) return []
  const target = question.snapshot.resourceApps.get(connection.resourceApp)
  const known = new Set(target?.resources.flatMap(({ scopes }) => scopes) ?? [])
  const added = record.request.scope.filter((one) => known.has(one) && !connection.scopes.includes(one))
  const scopes = [...connection.scopes, ...added]
  return [
    ...(connection.scopes.length === 0 ? [] : [askFor(connection.scopes)]),
    ...(added.length === 0
      ? []
      : [
          ...grantAccess(situation),
          editDefinition(
            { collection: 'connections', id: connection.id, patch: { scopes } },
            {
              id: `scopes ${connection.id}`,
              text: `Add ${added.join(' ')} to the connection ${connectionName}, for all of its users.`,
              words: ['connection', 'update', connection.id, '--scope', ...scopes],
              apply: (asked) => withConnection(asked, connection, { scopes }),
            },
          ),
        ]),
  ]
}

/** Drops one scope each, since a rule may concern it. */
export function dropEachScope({ record, connection }: Situation): readonly Change[] {
  const asked = record.request.scope.length > 0 ? record.request.scope : (connection?.scopes ?? [])
  if (asked.length < 2) return []
  return asked.slice(0, MAX_ALTERNATIVES).map((one) => askFor(asked.filter((other) => other !== one)))
}

function askFor(scopes: readonly string[]): Change {
  const scope = scopes.join(' ')
  return {
    id: `scope ${scope}`,
    owner: 'developer',
    text: `Request ${scope} only.`,
    ask: { scope },
    apply: (asked) => withRequest(asked, { scope }),
  }
}

export function proveKey(): readonly Change[] {
  return [
    {
      id: 'dpop',
      owner: 'developer',
      text: 'Send a DPoP proof.',
      ask: { dpop: true },
      apply: (asked) => withFacts(asked, { dpop: { state: 'proved', jkt: 'of-the-key-of-the-proof' } }),
    },
  ]
}

export function waitForWindow({ question: { facts }, connection }: Situation): readonly Change[] {
  const opensAt = connection === undefined ? undefined : findOpening(connection, facts.nowMs / 1000)
  if (connection === undefined || opensAt === undefined) return []
  return [
    {
      id: `wait for ${connection.id}`,
      owner: 'user',
      text: `Wait until ${renderOpening(connection, opensAt)}.`,
      ask: { at: renderTime(opensAt * 1000) },
      apply: (asked) => withNewToken(withFacts(asked, { nowMs: opensAt * 1000 })),
    },
  ]
}

/** The sign-in stays the same; only its token is new. */
function withNewToken(question: Question): Question {
  const { subject } = question.facts
  const signIn =
    subject.kind === 'id_token' ? subject.session : 'signIn' in subject ? subject.signIn : undefined
  if (signIn === undefined) return question
  return withFacts(question, { subject: { kind: 'assumed', signIn, chain: findChain(subject) } })
}

export function renewToken({ question }: Situation): readonly Change[] {
  return [
    {
      id: 'renew token',
      owner: 'user',
      text: 'Sign in again, or exchange the refresh token instead.',
      ask: { tokenIssuedAt: renderTime(question.facts.nowMs) },
      apply: withNewToken,
    },
  ]
}

export function signInAgain({ question, record, userId }: Situation): readonly Change[] {
  if (record.code !== 'XAA1801') return []
  const [acr] = record.wire.acr_values?.split(' ') ?? []
  const authTime = Math.floor(question.facts.nowMs / 1000)
  const signIn = { userId, authTime, ...(acr === undefined ? {} : { acr }) }
  return [
    {
      id: 'sign in again',
      owner: 'user',
      text: acr === undefined ? 'Sign in again.' : `Sign in again with ${acr}.`,
      ask: { authTime: renderTime(authTime * 1000), ...(acr === undefined ? {} : { acr }) },
      apply: (asked) =>
        withFacts(asked, { subject: { kind: 'assumed', signIn, chain: findChain(asked.facts.subject) } }),
    },
  ]
}
