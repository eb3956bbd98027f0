// A workload as subject: an app that asks for itself, with no user. It proves who it is by the assertion by which it
// authenticates, and has separate connections: none of users covers it, and none of a workload covers users.
import { type AppDefinition, WORKLOAD_PREFIX } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { Connection } from '../exchange-snapshot.ts'
import type { EvaluatedUser } from '../users.ts'

/** @returns the subject that an app is, for itself */
export function nameWorkload(appId: string): string {
  return `${WORKLOAD_PREFIX}${appId}`
}

/** An app where rules and records expect a user: in no group, with no address and no attribute. */
export function describeWorkload({ id }: Pick<AppDefinition, 'id'>): EvaluatedUser {
  return {
    ...{ id: nameWorkload(id), username: nameWorkload(id), name: 'itself', active: true },
    ...{ emailVerified: false, groups: [], attributes: {} },
  }
}

export function isWorkload(subject: SubjectFact): boolean {
  return subject.kind === 'workload' || (subject.kind === 'assumed' && subject.isWorkload === true)
}

/** @returns the workload as it authenticated just now, undefined where the token is refused */
export function checkWorkload(
  list: Checklist,
  { client }: ExchangeFacts,
  { isOwnAssertion, signIn }: Omit<Extract<SubjectFact, { kind: 'workload' }>, 'kind'>,
): SignInFact | undefined {
  const id = 'subject_token.workload'
  if (isOwnAssertion && client.state === 'authenticated' && client.method === 'private_key_jwt') {
    list.pass(id)
    return signIn
  }
  list.fail(id, 'XAA1221', { expected: 'the client assertion of the same request' })
  return undefined
}

export function checkSubjectKind(
  list: Checklist,
  { subject }: ExchangeFacts,
  connection: Connection | undefined,
): void {
  if (connection === undefined) return
  const actual = isWorkload(subject) ? 'workload' : 'user'
  const expected = connection.subject ?? 'user'
  // Most connections are for users, and say nothing of it.
  if (expected === 'user' && actual === 'user') return
  if (expected === actual) list.pass('connection.subject', { actual })
  else list.fail('connection.subject', 'XAA1410', { expected, actual })
}
