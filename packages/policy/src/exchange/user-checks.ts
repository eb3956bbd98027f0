// The user: still active, and assigned to the app, the resource app and the connection.
import type {
  AppDefinition,
  Assignments,
  CheckName,
  ResourceAppDefinition,
  XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { describeAssignments, findAssignment, type EvaluatedUser, readUserSource } from '../users.ts'

export interface Parties {
  readonly app: AppDefinition | undefined
  readonly resourceApp: ResourceAppDefinition | undefined
  readonly connection: Connection | undefined
  /** Id of a pending request for this user's access over this connection */
  readonly openRequest?: string | undefined
}

export function checkUserAccess(
  list: Checklist,
  user: EvaluatedUser | undefined,
  { app, resourceApp, connection, openRequest }: Parties,
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
  if (resourceApp !== undefined) checkSubjectValue(list, user, resourceApp)
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
    !isUsableSubject(readUserSource(subId.nameid, user))
  )
    list.fail('people.sub_id', 'XAA1505', { expected: `a value for ${subId.nameid}` })
  if (subject === 'pairwise' || isUsableSubject(readUserSource(subject, user)))
    list.pass('people.subject', { expected: subject })
  else list.fail('people.subject', 'XAA1505', { expected: `a value for ${subject}` })
}

function isUsableSubject(value: ReturnType<typeof readUserSource>): boolean {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return text !== '' && text.length <= 255
}
