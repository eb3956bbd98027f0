// Approval rules: the users they name must have a role that may decide access requests, and the apps should exist.
import { ALLOWED, ROLES, type Role } from '@crosswalk/admin-api'
import { type ApprovalRule, isObject } from '@crosswalk/protocol'

import { type FileFinding, type Path, valueAt } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { checkAppNames } from './app-names.ts'
import { type FileCheck, checkReference, nameOf, textOf, textsOf } from './check.ts'

export const checkApprovalRules: FileCheck = (view) =>
  view.approvalRules.flatMap((rule) => [
    ...checkApprovers(rule, view),
    ...checkAppNames(nameOf('approval rule', rule), [...rule.path, 'when'], rule.value?.when ?? {}, view),
  ])

function checkApprovers({ path, value }: Entry<ApprovalRule>, view: View): readonly FileFinding[] {
  if (value === undefined) return []
  const known = textsOf(view.users, 'id')
  const { users = [], escalateTo = [] } = value.ask ?? {}
  const named = [
    ...users.map((id, index) => ({ id, path: [...path, 'ask', 'users', index] })),
    ...escalateTo.map((id, index) => ({ id, path: [...path, 'ask', 'escalateTo', index] })),
  ]
  return named.flatMap(({ id, path: place }) => {
    const missing = checkReference(place, id, known, 'user')
    return missing.length > 0 ? missing : checkRole({ path: place, id, rule: value }, view)
  })
}

const DECIDING: readonly Role[] = ALLOWED.decideRequests

/** @returns whether a user with this role may decide every request that the rule matches */
export function mayDecideAll(
  found: { readonly role: Role; readonly apps?: readonly string[] } | undefined,
  { when }: Pick<ApprovalRule, 'when'>,
): boolean {
  if (found === undefined || !DECIDING.includes(found.role)) return false
  const { apps } = found
  return apps === undefined || when.apps?.every((app) => apps.includes(app)) === true
}

interface Approver {
  /** Of the id */
  readonly path: Path
  readonly id: string
  readonly rule: ApprovalRule
}

/** Only of a file, which has the roles; for other changes, `refuseApprovers` checks them. */
function checkRole({ path, id, rule }: Approver, view: View): readonly FileFinding[] {
  if (valueAt(view.raw, ['idp']) === undefined) return []
  const groups = [
    ...view.users.flatMap((user) => (textOf(user, 'id') === id ? (user.value?.groups ?? []) : [])),
    ...view.groups.flatMap(({ value }) => (value?.members.includes(id) === true ? [value.id] : [])),
  ]
  // The first role counts, as when the user signs in.
  const role = ROLES.find((one) => isHolder(valueAt(view.raw, ['admin', 'roles', one]), id, groups))
  const apps = role && valueAt(view.raw, ['admin', 'roles', role, 'apps'])
  const found = role && { role, ...(Array.isArray(apps) ? { apps } : {}) }
  if (mayDecideAll(found, rule)) return []
  const what = `${id} has no role that may decide the access requests of approval rule ${rule.id}`
  return [{ path, what, fix: `give ${id} one of the roles ${DECIDING.join(', ')} in \`admin.roles\`` }]
}

function isHolder(holders: unknown, id: string, groups: readonly string[]): boolean {
  const has = (key: string, name: string) => {
    const list = isObject(holders) ? holders[key] : undefined
    return Array.isArray(list) && list.includes(name)
  }
  return has('users', id) || groups.some((group) => has('groups', group))
}
