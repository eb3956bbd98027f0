// The user: still active, and assigned to the app, the resource app and the connection.
import {
  type AppDefinition,
  type Assignments,
  type CheckName,
  type ResourceAppDefinition,
  WORKLOAD_PREFIX,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { type ExchangeUser, findNamesakes, isShared, listIdentifiers, readIdentifier } from '../namesakes.ts'
import { describeAssignments, findAssignment, type EvaluatedUser } from '../users.ts'

export interface Parties {
  readonly app: AppDefinition | undefined
  readonly resourceApp: ResourceAppDefinition | undefined
  /** All resource apps with its issuer */
  readonly atSameAudience: readonly ResourceAppDefinition[]
  readonly connection: Connection | undefined
  /** Id of a pending request for this user's access over this connection */
  readonly openRequest?: string | undefined
}

export function checkUserAccess(
  list: Checklist,
  user: ExchangeUser | undefined,
  { app, resourceApp, atSameAudience, connection, openRequest }: Parties,
): void {
  if (user?.active !== true) {
    list.fail('people.active', 'XAA1504', {
      expected: 'an active user',
      actual: user === undefined ? 'unknown' : 'inactive',
    })
    if (user === undefined)
      return list.skip(
        ['people.app_assignment', 'people.resource_app_assignment', 'people.connection'],
        'people.active',
      )
  } else list.pass('people.active')
  checkAssignment(list, 'people.app_assignment', { code: 'XAA1501' }, user, app?.assignments)
  // Both are visible to the approvers of the request.
  const pending = openRequest === undefined ? undefined : ({ code: 'XAA1802', ref: openRequest } as const)
  // An access grant replaces the assignments of its connection and resource app, never that of the requesting app.
  const grant = connection?.access?.grants[0]?.id
  checkAssignment(
    list,
    'people.resource_app_assignment',
    { code: 'XAA1502', ...pending, grant },
    user,
    resourceApp?.assignments,
  )
  checkAssignment(
    list,
    'people.connection',
    { code: 'XAA1503', ...pending, grant },
    user,
    connection?.assignments,
  )
  if (resourceApp === undefined) return
  checkSubjectValue(list, user, resourceApp)
  checkNamesakes(list, user, { resourceApp, atSameAudience })
}

interface AssignmentTerms {
  readonly code: XaaCode
  readonly ref?: string
  /** Id of an access grant that replaces the assignment */
  readonly grant?: string | undefined
}

function checkAssignment(
  list: Checklist,
  id: CheckName,
  { code, ref, grant }: AssignmentTerms,
  user: EvaluatedUser,
  assignments: Assignments | undefined,
): void {
  if (assignments === undefined) return
  const via = findAssignment(assignments, user) ?? (grant === undefined ? undefined : `access-grant:${grant}`)
  if (via !== undefined) list.pass(id, { via })
  else
    list.fail(id, code, {
      expected: describeAssignments(assignments),
      actual: user.groups,
      ...(ref === undefined ? {} : { ref }),
    })
}

function checkSubjectValue(
  list: Checklist,
  user: EvaluatedUser,
  { subject, subId }: ResourceAppDefinition,
): void {
  if (
    subId !== undefined &&
    subId.nameid !== 'pairwise' &&
    !isUsableSubject(readIdentifier(subId.nameid, user))
  )
    list.fail('people.sub_id', 'XAA1505', { expected: `a value for ${subId.nameid}` })
  if (subject === 'pairwise' || isUsableSubject(readIdentifier(subject, user)))
    list.pass('people.subject', { expected: subject })
  else list.fail('people.subject', 'XAA1505', { expected: `a value for ${subject}` })
}

function isUsableSubject(text: string | undefined): boolean {
  return text !== undefined && text.length <= 255
}

/** Two users with one identifier are one user to the resource, and either could act as the other (JAG-05). */
function checkNamesakes(
  list: Checklist,
  user: ExchangeUser,
  {
    resourceApp,
    atSameAudience,
  }: { readonly resourceApp: ResourceAppDefinition; readonly atSameAudience: Parties['atSameAudience'] },
): void {
  const id = 'people.namesakes'
  const identifiers = listIdentifiers(resourceApp)
  const found = findNamesakes(user, resourceApp, atSameAudience)
  const asWorkload = identifiers
    .map(({ source }) => readIdentifier(source, user))
    .find((text) => text?.startsWith(WORKLOAD_PREFIX))
  if (asWorkload !== undefined)
    list.fail(id, 'XAA1506', { expected: 'an identifier that names no workload', actual: asWorkload })
  else if (found !== undefined)
    list.fail(id, 'XAA1506', {
      expected: `values of ${found.sources.join(', ')} that identify no other user`,
      actual: found.users,
    })
  // Most resource apps use ids, so their records omit this check.
  else if (identifiers.some(({ source }) => isShared(source) && readIdentifier(source, user) !== undefined))
    list.pass(id)
}
