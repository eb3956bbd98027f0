// The parts of a JSON Schema (2020-12): which schemas it holds, how they are met when a value is checked, and where its
// references lead. Judges nothing.
import { isObject } from '@crosswalk/protocol'

export type Schema = Readonly<Record<string, unknown>>

type Keywords = Readonly<Record<'one' | 'list' | 'named', readonly string[]>>

/** Keywords with schemas inside, by what those judge. */
const HOLDERS = {
  /** The very value that the schema around them judges */
  same: {
    one: ['not', 'if', 'then', 'else'],
    list: ['allOf', 'anyOf', 'oneOf'],
    named: ['dependentSchemas'],
  },
  /** Members or items, any number of them */
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
  /** The one member or item of a name or place */
  single: { one: [], list: ['prefixItems'], named: ['properties'] },
  /** Nothing unless a reference leads there */
  kept: { one: [], list: [], named: ['$defs', 'definitions'] },
} as const satisfies Record<string, Keywords>

/** @returns the schemas directly inside, `true` and `false` left out, which judge at no cost */
export function listHeld(schema: Schema, how: keyof typeof HOLDERS): readonly Schema[] {
  return listEntries(schema, HOLDERS[how]).filter(isObject)
}

function listEntries(schema: Schema, { one, list, named }: Keywords): readonly unknown[] {
  return [
    ...one.map((keyword) => schema[keyword]),
    ...list.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [])),
    ...named.flatMap((keyword) => (isObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
  ].filter((entry) => entry !== undefined)
}

/** @returns the schema and every one inside it, at whatever depth */
export function listSchemas(root: Schema): readonly Schema[] {
  const found = [root]
  // The list grows while it is walked.
  for (const schema of found)
    found.push(
      ...Object.values(HOLDERS).flatMap((keywords) => listEntries(schema, keywords).filter(isObject)),
    )
  return found
}

/** @returns how many pieces of code the schemas become: one for each inside them, `true` and `false` too, and for each name that depends on another */
export function countParts(schemas: readonly Schema[]): number {
  return schemas.reduce((total, schema) => {
    const inside = Object.values(HOLDERS).flatMap((keywords) => listEntries(schema, keywords))
    const { dependentRequired } = schema
    const dependent = isObject(dependentRequired) ? Object.values(dependentRequired).flat() : []
    return total + inside.length + dependent.length
  }, 1)
}

/** One that leads nowhere is for the library to find. */
export function resolveReference(root: Schema, reference: unknown): Schema | undefined {
  if (typeof reference !== 'string') return undefined
  const found = reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, part) => (isContainer(at) ? at[unescape(part)] : undefined), root)
  return isObject(found) ? found : undefined
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function unescape(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}
