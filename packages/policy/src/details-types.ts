// Types of authorization details, each with its schema check if it has one, and the resources that details may name.
// Reports what is wrong with details; each evaluator chooses the code.
import type { CompileDetailsSchema, DetailsCheck, DetailsFault, DetailsSchema } from '@crosswalk/protocol'

/** Known types; undefined for a type without a schema */
export type DetailsTypes = ReadonlyMap<string, DetailsCheck | undefined>

type WrittenType = string | { readonly type: string; readonly schema?: DetailsSchema | undefined }

/**
 * @param compile - may be omitted if no type has a schema
 * @throws TypeError for a schema without a compiler for it
 */
export function compileDetailsTypes(
  written: readonly WrittenType[],
  compile: CompileDetailsSchema | undefined,
): DetailsTypes {
  return new Map(
    written.map((entry) =>
      typeof entry === 'string' ? [entry, undefined] : [entry.type, compileType(entry, compile)],
    ),
  )
}

function compileType(
  { type, schema }: Exclude<WrittenType, string>,
  compile: CompileDetailsSchema | undefined,
): DetailsCheck | undefined {
  if (schema === undefined) return undefined
  if (compile === undefined)
    throw new TypeError(`the authorization details type ${type} has a schema, but nothing checks it`)
  const compiled = compile(schema)
  // Fails closed: if a stored schema cannot be compiled, no details of its type are accepted.
  return compiled.accepted
    ? compiled.value
    : () => ({ path: '', problem: `the schema of ${type} cannot be used: ${compiled.refusal}` })
}

type Detail = Readonly<Record<string, unknown>>

export interface DetailsBounds {
  readonly types: DetailsTypes | undefined
  /** Resource identifiers that `locations` may name; undefined if the server does not know them */
  readonly resources: readonly string[] | undefined
}

/** @returns the first fault; its path starts with the index in the array */
export function findDetailsFault(
  details: readonly Detail[],
  { types, resources }: DetailsBounds,
): DetailsFault | undefined {
  for (const [index, detail] of details.entries()) {
    const check = types?.get(String(detail.type)) ?? findCommonFieldFault
    const fault =
      check(detail) ?? (resources === undefined ? undefined : findLocationFault(detail, resources))
    if (fault !== undefined) return { ...fault, path: `/${index}${fault.path}` }
  }
  return undefined
}

const LISTS_OF_TEXTS = ['actions', 'datatypes', 'privileges'] as const

/**
 * A type without a schema accepts any fields, but the common fields keep their meaning in every type (RFC 9396 section
 * 2.2).
 */
function findCommonFieldFault(detail: Detail): DetailsFault | undefined {
  for (const name of LISTS_OF_TEXTS) {
    const value = detail[name]
    if (value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string')))
      continue
    return { path: `/${name}`, problem: 'must be a list of strings' }
  }
  const { identifier } = detail
  return identifier === undefined || typeof identifier === 'string'
    ? undefined
    : { path: '/identifier', problem: 'must be a string' }
}

/**
 * `locations` (RFC 9396 section 2.2) may only name resources of the request; they are compared, never resolved
 * (RAR-05).
 */
function findLocationFault({ locations }: Detail, resources: readonly string[]): DetailsFault | undefined {
  if (locations === undefined) return undefined
  if (!Array.isArray(locations) || locations.length === 0)
    return { path: '/locations', problem: 'must be a list of resource identifiers' }
  const place = locations.findIndex((one) => !resources.includes(one as string))
  return place < 0
    ? undefined
    : { path: `/locations/${place}`, problem: 'must be one of the resources granted with it' }
}

/** Whether two details are equal, ignoring the order of members but not of list items. */
export function haveSameMeaning(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [members, others] = [Object.entries(one), Object.entries(other)]
  return (
    members.length === others.length &&
    members.every(
      ([name, value]) =>
        Object.hasOwn(other, name) && haveSameMeaning(value, (other as Record<string, unknown>)[name]),
    )
  )
}

/** Whether a detail applies to no resources other than these. */
export function appliesWithin({ locations }: Detail, resources: readonly string[]): boolean {
  return !Array.isArray(locations) || locations.every((one) => resources.includes(one as string))
}
