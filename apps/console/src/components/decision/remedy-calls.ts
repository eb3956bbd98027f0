// The admin API calls of a remedy, read from its text so that a button can make them.
import { type RouteName, ROUTES } from '@crosswalk/admin-api'

export interface RemedyCall {
  readonly route: RouteName
  readonly params: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | undefined
}

const LINE = /^([A-Z]+) (\S+)(?: (\{.*\}))?$/

/** @returns undefined if a line is not a known call */
export function readCalls(api: string): readonly RemedyCall[] | undefined {
  const calls = api.split('\n').map(readCall)
  return calls.every((call) => call !== undefined) ? calls : undefined
}

function readCall(line: string): RemedyCall | undefined {
  const [, method, path = '', json] = LINE.exec(line) ?? []
  for (const [name, route] of Object.entries(ROUTES)) {
    const params = route.method === method ? matchPath(route.path, path) : undefined
    if (params !== undefined)
      return { route: name as RouteName, params, body: json === undefined ? undefined : JSON.parse(json) }
  }
  return undefined
}

function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [parts, segments] = [template.split('/'), path.split('/')]
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    const value = decode(segments[index] ?? '')
    if (value === undefined || (name === undefined && part !== value)) return undefined
    if (name !== undefined) params[name] = value
  }
  return params
}

/** @returns undefined for a path of an old record, whose ids were not encoded */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
