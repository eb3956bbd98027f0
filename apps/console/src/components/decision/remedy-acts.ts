// Parses the lines of a remedy into admin API calls, so that a button does exactly what its line says.
import { type RouteName, ROUTES } from '@crosswalk/admin-api'

import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'

export interface RemedyAct {
  readonly route: RouteName
  readonly params: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | undefined
}

const LINE = /^([A-Z]+) (\S+)(?: (\{.*\}))?$/

/** @returns undefined if a line is not a known call */
export function readActs(api: string): readonly RemedyAct[] | undefined {
  const acts = api.split('\n').map(readAct)
  return acts.every((act) => act !== undefined) ? acts : undefined
}

function readAct(line: string): RemedyAct | undefined {
  const [, method, path = '', json] = LINE.exec(line) ?? []
  for (const [name, route] of Object.entries(ROUTES)) {
    const params = route.method === method ? matchPath(route.path, path) : undefined
    if (params !== undefined)
      return { route: name as RouteName, params, body: json === undefined ? undefined : JSON.parse(json) }
  }
  return undefined
}

function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [parts, given] = [template.split('/'), path.split('/')]
  if (parts.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined) params[name] = given[index] ?? ''
    else if (part !== given[index]) return undefined
  }
  return params
}

/** Runs the calls in order, without overwriting concurrent changes. */
export async function runActs(acts: readonly RemedyAct[], reason: string, until: string): Promise<void> {
  for (const act of acts) await runAct(act, reason, until)
}

async function runAct({ route, params, body }: RemedyAct, reason: string, until: string): Promise<void> {
  const isReasoned = body !== undefined && 'reason' in body
  const takesEnd = takesUntil(route) && until !== ''
  const call = {
    params,
    ...(body === undefined
      ? { body: {} }
      : { body: { ...body, ...(isReasoned ? { reason } : {}), ...(takesEnd ? { until } : {}) } }),
    ...(ROUTES[route].method === 'PATCH' ? { ifMatch: await readEtag(route, params) } : {}),
    reason,
  }
  await sendChange(route, call as unknown as Parameters<typeof sendChange<RouteName>>[1])
}

/** Default expiry of approved access. */
export function takesUntil(route: RouteName): boolean {
  return route === 'access-grants.create' || route === 'access-requests.approve'
}

async function readEtag(route: RouteName, params: RemedyAct['params']): Promise<string> {
  const read = route.replace(/\.change$/, '.read') as 'connections.read'
  const { etag } = await adminApi.call(read, { params: { id: params.id ?? '' } })
  return etag ?? ''
}
