// Connections that could never work, or that duplicate another.
import { parseTimeWindow } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { describesItself, nameOf, textOf, textsOf, type FileCheck } from './check.ts'

export const checkConnections: FileCheck = (view) => [
  ...checkPairs(view),
  ...view.connections.flatMap((connection) => [
    ...checkClientId(connection, view),
    ...checkGrantsSomething(connection, view),
    ...checkPeriod(connection),
    ...checkWindow(connection),
  ]),
]

/** There is one policy per connection, so an app and a resource app may be joined only once. */
export function checkPairs(view: View): readonly FileFinding[] {
  const first = new Map<string, Entry<ConnectionDefinition>>()
  return view.connections.flatMap((connection) => {
    const [app, resourceApp] = [textOf(connection, 'app'), textOf(connection, 'resourceApp')]
    if (app === undefined || resourceApp === undefined) return []
    const key = JSON.stringify([app, resourceApp])
    const other = first.get(key) ?? connection
    first.set(key, other)
    if (other === connection) return []
    const what = `${nameOf('connection', connection)} connects ${app} to ${resourceApp}, as ${nameOf('connection', other)} does`
    const fix = 'merge the two into one connection; where users or scopes differ, use a policy'
    return [{ path: connection.path, clashesWith: other.path, what, fix }]
  })
}

function checkClientId(connection: Entry<ConnectionDefinition>, view: View): readonly FileFinding[] {
  const { value, path, broken } = connection
  if (value === undefined || broken.has('clientId')) return []
  if (value.clientId === undefined) {
    if (value.status !== 'active') return []
    const what = `${nameOf('connection', connection)} is active without a clientId`
    const fix =
      "add `clientId:` the app's client id at the resource's authorization server, or make it a draft"
    return [{ path: [...path, 'status'], what, fix }]
  }
  const issuer = view.resourceApps.find((app) => app.value?.id === value.resourceApp)?.value?.issuer
  const server = view.servers.find((it) => it.issuer === issuer)
  if (issuer === undefined || server === undefined || textsOf(server.clients, 'id').has(value.clientId))
    return []
  if (describesItself(value.clientId, server.value?.clientMetadata?.allow ?? [])) return []
  const what = `clientId ${value.clientId} is not a client of ${nameOf('authorization server', server)}, which must accept it`
  const fix = `add a client ${value.clientId} there`
  return [{ path: [...path, 'clientId'], severity: 'warning', what, fix }]
}

/** Access grants add scopes for single users, but never resources: without a resource they grant nothing either. */
function checkGrantsSomething(connection: Entry<ConnectionDefinition>, view: View): readonly FileFinding[] {
  const { value, path, broken } = connection
  if (value?.status !== 'active' || GRANTS.some((member) => broken.has(member))) return []
  if (GRANTS.some((member) => value[member].length > 0)) return []
  const resourceApp = view.resourceApps.find((app) => app.value?.id === value.resourceApp)
  if ((resourceApp?.value?.resources ?? []).length === 0) return []
  const what = `${nameOf('connection', connection)} is active but grants nothing`
  const fix = `list \`resources\` and \`scopes\` of ${value.resourceApp} that it grants, or make it a draft`
  return [{ path: [...path, 'status'], what, fix }]
}

const GRANTS = ['resources', 'scopes', 'authorizationDetailsTypes'] as const

function checkPeriod({ value, path }: Entry<ConnectionDefinition>): readonly FileFinding[] {
  if (value?.notBefore === undefined || value.expiresAt === undefined) return []
  if (Date.parse(value.notBefore) < Date.parse(value.expiresAt)) return []
  const what = `expiresAt ${value.expiresAt} is not after notBefore ${value.notBefore}`
  return [{ path: [...path, 'expiresAt'], what, fix: 'choose a later expiresAt or an earlier notBefore' }]
}

function checkWindow({ value, path }: Entry<ConnectionDefinition>): readonly FileFinding[] {
  const parsed = value?.conditions.window === undefined ? undefined : parseTimeWindow(value.conditions.window)
  if (parsed === undefined || parsed.accepted) return []
  const { problem, fix } = parsed.refusal
  return [{ path: [...path, 'conditions', 'window'], what: problem, fix }]
}
