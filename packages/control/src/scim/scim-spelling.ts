// Spells the names in a PATCH operation as the schema does: names ignore case (RFC 7643 section 2.1), which the library
// does not for paths, nor for members of a value.
import { isObject } from '@crosswalk/protocol'

import type { Operation } from './scim-members.ts'

/** A schema, an extension of one, or an attribute */
export interface Described {
  readonly name: string
  /** URN of a schema or extension */
  readonly id?: string
  readonly attributes?: readonly Described[]
  readonly subAttributes?: readonly Described[]
}

export function spellNames(operation: Operation, schema: Described): Operation {
  const { path, value } = operation
  if (path === undefined)
    return isObject(value) ? { ...operation, value: spellPaths(value, schema) } : operation
  if (typeof path !== 'string') return operation
  const { spelled, described } = locate(path, schema)
  return { ...operation, path: spelled, ...(value === undefined ? {} : { value: spell(value, described) }) }
}

/** Without a path, the names of the members are paths. */
function spellPaths(value: object, schema: Described): object {
  const members = Object.entries(value).map(([path, one]) => {
    const { spelled, described } = locate(path, schema)
    return [spelled, spell(one, described)] as const
  })
  return Object.fromEntries(members)
}

const PATH = /^(?:(urn:.+):)?([^.:[\]]+)(\[.*\])?(?:\.([^.[\]]+))?$/i

/** @returns the path unchanged if the schema does not have it, which the library reports */
function locate(path: string, schema: Described): { spelled: string; described?: Described | undefined } {
  const extensions = schema.attributes?.filter(({ id }) => id !== undefined)
  const whole = extensions?.find(({ id }) => isSame(id, path))
  if (whole?.id !== undefined) return { spelled: whole.id, described: whole }
  const [, urn, name, filter = '', sub] = PATH.exec(path) ?? []
  const holder = urn === undefined ? schema : extensions?.find(({ id }) => isSame(id, urn))
  const attribute = findNamed(holder, name)
  const described = sub === undefined ? attribute : findNamed(attribute, sub)
  if (attribute === undefined || described === undefined) return { spelled: path }
  const names = sub === undefined ? attribute.name + filter : `${attribute.name}${filter}.${described.name}`
  return { spelled: urn === undefined ? names : `${holder?.id}:${names}`, described }
}

function spell(value: unknown, described: Described | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => spell(one, described))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [findNamed(described, name)?.name ?? name, one]),
  )
}

function findNamed(holder: Described | undefined, name: string | undefined): Described | undefined {
  return (holder?.attributes ?? holder?.subAttributes)?.find((one) => isSame(one.name, name))
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase()
}
