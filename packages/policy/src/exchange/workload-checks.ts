// A workload as subject: an app that requests access for itself, without a user. The assertion it authenticated with
// proves its identity. Its connections are separate: one for users never covers it, and one for workloads never covers
// users.
import { type AppDefinition, WORKLOAD_PREFIX } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import type { Connection } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'

/** @returns the subject that identifies an app acting for itself */
export function nameWorkload(appId: string): string {
  return `${WORKLOAD_PREFIX}${appId}`
}

/** An app in the shape of a user, for rules and records: no groups, address or attributes. */
export function describeWorkload({ id }: Pick<AppDefinition, 'id'>): ExchangeUser {
  return {
    ...{ id: nameWorkload(id), username: nameWorkload(id), name: 'itself', active: true },
    ...{ emailVerified: false, groups: [], attributes: {}, namesakes: [] },
  }
}

export function isWorkload(subject: SubjectFact): boolean {
  return subject.kind === 'workload' || (subject.kind === 'assumed' && subject.isWorkload === true)
}

/** @returns the workload as it just authenticated; undefined if the token is refused */
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
  // Most connections are for users, so their records omit this check.
  if (expected === 'user' && actual === 'user') return
  if (expected === actual) list.pass('connection.subject', { actual })
  else list.fail('connection.subject', 'XAA1410', { expected, actual })
}
