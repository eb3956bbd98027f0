// What a JSON Schema may not do here, whatever it is about: be huge, lead outside itself, or go round without an end.
// Whether it is a schema at all, the library says.
import { type DetailsSchema, isObject } from '@crosswalk/protocol'

const MAX_SCHEMA_LENGTH = 32_768
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
/** They make what a reference means depend on where it is met. */
const FOREIGN_REFERENCES = ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef']

/** Keywords with schemas inside, by how they hold them; `same` judges the very value that the schema around it judges. */
const HOLDERS = {
  same: {
    one: ['not', 'if', 'then', 'else'],
    list: ['allOf', 'anyOf', 'oneOf'],
    named: ['dependentSchemas'],
  },
  part: {
    one: [
      'items',
      'contains',
      'additionalProperties',
      'unevaluatedItems',
      'unevaluatedProperties',
      'propertyNames',
    ],
    list: ['prefixItems'],
    named: ['properties', 'patternProperties', '$defs', 'definitions'],
  },
} as const

type Schema = Readonly<Record<string, unknown>>

/** @returns why the schema is not taken, undefined where its form is in order */
export function findSchemaProblem(schema: DetailsSchema): string | undefined {
  if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH)
    return `it is longer than ${MAX_SCHEMA_LENGTH} characters of JSON`
  const { $schema = DIALECT } = schema
  if ($schema !== DIALECT) return `its $schema is not ${DIALECT}`
  const all = listSchemas(schema)
  const wrong = all.map((one) => findReferenceProblem(one, one === schema)).find((one) => one !== undefined)
  if (wrong !== undefined) return wrong
  const done = new Set<Schema>()
  return all.some((one) => goesRound(one, { root: schema, done, above: new Set() }))
    ? 'its references go round without an end'
    : undefined
}

function findReferenceProblem(schema: Schema, isRoot: boolean): string | undefined {
  const { $ref } = schema
  if (typeof $ref === 'string' && $ref !== '#' && !$ref.startsWith('#/'))
    return `$ref ${$ref} leads outside; write #/$defs/…`
  const foreign = FOREIGN_REFERENCES.find((keyword) => typeof schema[keyword] === 'string')
  if (foreign !== undefined) return `${foreign} is not taken; write $ref: #/$defs/…`
  return typeof schema.$id === 'string' && !isRoot
    ? 'an $id inside makes references lead elsewhere'
    : undefined
}

function listSchemas(root: Schema): readonly Schema[] {
  const found = [root]
  // The list grows while it is walked.
  for (const schema of found) found.push(...held(schema, 'same'), ...held(schema, 'part'))
  return found
}

function held(schema: Schema, how: keyof typeof HOLDERS): readonly Schema[] {
  const { one, list, named } = HOLDERS[how]
  return [
    ...one.map((keyword) => schema[keyword]),
    ...list.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [])),
    ...named.flatMap((keyword) => (isObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
  ].filter(isObject)
}

interface Walk {
  readonly root: Schema
  readonly done: Set<Schema>
  /** Schemas that judge the same value, on the way to this one */
  readonly above: ReadonlySet<Schema>
}

function goesRound(schema: Schema, { root, done, above }: Walk): boolean {
  if (above.has(schema)) return true
  if (done.has(schema)) return false
  const target = resolve(root, schema.$ref)
  const next = [...held(schema, 'same'), ...(target === undefined ? [] : [target])]
  const below = new Set(above).add(schema)
  const round = next.some((one) => goesRound(one, { root, done, above: below }))
  done.add(schema)
  return round
}

/** One that leads nowhere is for the library to find. */
function resolve(root: Schema, reference: unknown): Schema | undefined {
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
