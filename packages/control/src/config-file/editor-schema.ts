// The JSON Schema for editors: every value may also be text with references to environment variables, which are
// replaced before the file is validated.
import type { JsonSchema } from './json-schema.ts'

const VARIABLE: JsonSchema = { $ref: '#/$defs/variable' }
const DEFINITIONS = {
  variable: {
    type: 'string',
    pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-.*)?\\}',
    description: 'Names an environment variable: ${NAME} or ${NAME:-default}.',
  },
}
/** Members that describe a value without restricting it. */
const ANNOTATIONS = ['description', 'default'] as const

/** @returns the schema, extended to allow variables for restricted text, numbers and booleans */
export function buildEditorSchema(schema: JsonSchema): JsonSchema {
  return { ...allowVariables(schema), $defs: DEFINITIONS } as JsonSchema
}

function allowVariables(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, anyOf, oneOf } = schema
  if (anyOf?.every(isScalar)) return { ...schema, anyOf: [...anyOf, VARIABLE] }
  if (isScalar(schema)) return isRestricted(schema) ? offerBoth(schema) : schema
  return {
    ...schema,
    ...(properties && { properties: mapValues(properties, allowVariables) }),
    ...(items && { items: allowVariables(items) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: allowVariables(additionalProperties),
    }),
    ...(anyOf && { anyOf: anyOf.map(allowVariables) }),
    ...(oneOf && { oneOf: oneOf.map(allowVariables) }),
  }
}

function isScalar({ type }: JsonSchema): boolean {
  return type !== undefined && [type].flat().every((each) => each !== 'object' && each !== 'array')
}

/** Fixed values distinguish alternatives, so they stay unchanged. */
function isRestricted(schema: JsonSchema): boolean {
  return (
    (schema.const === undefined && (schema.minLength ?? 0) > 1) ||
    ['pattern', 'format', 'enum'].some((key) => key in schema)
  )
}

function offerBoth(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema)
  const isAnnotation = ([key]: [string, unknown]) => (ANNOTATIONS as readonly string[]).includes(key)
  const restriction = Object.fromEntries(entries.filter((entry) => !isAnnotation(entry)))
  return { ...Object.fromEntries(entries.filter(isAnnotation)), anyOf: [restriction, VARIABLE] }
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
