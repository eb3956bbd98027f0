// Which attributes of a resource are returned (RFC 7644 section 3.9): the requested ones, or all but the excluded ones.
import { isObject } from '@crosswalk/protocol'

import { ScimError } from './scim-error.ts'
import { type Names, parseNames } from './scim-path.ts'

type Members = Readonly<Record<string, unknown>>

/** RFC 7643 sections 3 and 7: returned whatever the request says */
const ALWAYS: readonly string[] = ['id', 'schemas']

/** Each is looked for in every resource, and a resource has far fewer. */
const MAX_ATTRIBUTES = 100

/** @throws ScimError if more attributes are named than any resource has */
export function readChoice(query: URLSearchParams): (resource: Members) => Members {
  const [only, without] = ['attributes', 'excludedAttributes'].map((parameter) => {
    const paths = query.get(parameter)?.split(',', MAX_ATTRIBUTES + 1) ?? []
    if (paths.length > MAX_ATTRIBUTES)
      throw new ScimError(400, `${parameter} has more than ${MAX_ATTRIBUTES} names.`, 'tooMany')
    return paths.filter((path) => path.trim() !== '').map(parseNames)
  }) as [ReturnType<typeof parseNames>[], ReturnType<typeof parseNames>[]]
  return (resource) => {
    const wanted = [...only.map((find) => find(resource)), ...ALWAYS.map((name) => [name])]
    const unwanted = without.map((find) => find(resource)).filter(([name = '']) => !ALWAYS.includes(name))
    const shown = only.length === 0 ? resource : pick(resource, wanted)
    return omit(shown, unwanted) as Members
  }
}

function pick(value: unknown, paths: readonly Names[]): unknown {
  if (paths.some((names) => names.length === 0)) return value
  if (Array.isArray(value)) return value.map((one) => pick(one, paths))
  if (!isObject(value)) return undefined
  return mapMembers(value, (member, name) => {
    const below = listBelow(paths, name)
    return below.length === 0 ? undefined : pick(member, below)
  })
}

function omit(value: unknown, paths: readonly Names[]): unknown {
  if (paths.some((names) => names.length === 0)) return undefined
  if (paths.length === 0) return value
  if (Array.isArray(value)) return value.map((one) => omit(one, paths))
  return isObject(value) ? mapMembers(value, (member, name) => omit(member, listBelow(paths, name))) : value
}

/** @returns the rest of the paths that begin with this name */
function listBelow(paths: readonly Names[], name: string): readonly Names[] {
  const lower = name.toLowerCase()
  return paths.filter(([first]) => first === lower).map((names) => names.slice(1))
}

/** @param change - returns undefined to leave a member out */
function mapMembers(members: object, change: (member: unknown, name: string) => unknown): Members {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const changed = change(member, name)
      return changed === undefined ? [] : [[name, changed] as const]
    }),
  )
}
