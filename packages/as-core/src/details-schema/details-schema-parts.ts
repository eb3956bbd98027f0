// The parts of a JSON Schema (2020-12): the schemas it contains, how they apply when a value is checked, and where its
// references lead. Judges nothing.
import { isObject } from '@crosswalk/protocol'

export type Schema = Readonly<Record<string, unknown>>

type Keywords = Readonly<Record<'one' | 'list' | 'named', readonly string[]>>

/** Keywords that contain schemas, grouped by what these apply to. */
const HOLDERS = {
  /** The same value as the enclosing schema */
  same: {
    one: ['not', 'if', 'then', 'else'],
    list: ['allOf', 'anyOf', 'oneOf'],
    named: ['dependentSchemas'],
  },
  /** Any number of members or items */
  each: {
    one: [
      'items',
      'contains',
      'additionalProperties',
      'unevaluatedItems',
      'unevaluatedProperties',
      'propertyNames',
    ],
    list: [],
    named: ['patternProperties'],
  },
  /** The one member or item with that name or index */
  single: { one: [], list: ['prefixItems'], named: ['properties'] },
  /** Nothing, unless referenced */
  kept: { one: [], list: [], named: ['$defs', 'definitions'] },
} as const satisfies Record<string, Keywords>

/** @returns the directly contained schemas, except `true` and `false`, which cost nothing to check */
export function listSubschemas(schema: Schema, how: keyof typeof HOLDERS): readonly Schema[] {
  return listEntries(schema, HOLDERS[how]).filter(isObject)
}

function listEntries(schema: Schema, { one, list, named }: Keywords): readonly unknown[] {
  return [
    ...one.map((keyword) => schema[keyword]),
    ...list.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [])),
    ...named.flatMap((keyword) => (isObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
  ].filter((entry) => entry !== undefined)
}

/** @returns the schema and all schemas inside it, at any depth */
export function listSchemas(root: Schema): readonly Schema[] {
  const found = [root]
  // The list grows while it is walked.
  for (const schema of found)
    found.push(
      ...Object.values(HOLDERS).flatMap((keywords) => listEntries(schema, keywords).filter(isObject)),
    )
  return found
}

/**
 * @returns how many pieces of code the schemas compile to: one per inner schema, including `true` and `false`, and per
 *   dependent name
 */
export function countParts(schemas: readonly Schema[]): number {
  return schemas.reduce((total, schema) => {
    const inside = Object.values(HOLDERS).flatMap((keywords) => listEntries(schema, keywords))
    const { dependentRequired } = schema
    const dependent = isObject(dependentRequired) ? Object.values(dependentRequired).flat() : []
    return total + inside.length + dependent.length
  }, 1)
}

/** @returns what the reference leads to, a schema or not; undefined if nothing is there */
export function resolveReference(root: Schema, reference: unknown): unknown {
  if (typeof reference !== 'string') return undefined
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, part) => (isContainer(at) ? at[unescape(part)] : undefined), root)
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
