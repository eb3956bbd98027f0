// Form requirements for JSON Schemas: limited size, no external references, no circular references. Whether it is a
// valid schema is left to the library.
import { type DetailsSchema, isObject } from '@crosswalk/protocol'

import {
  countParts,
  listSubschemas,
  listSchemas,
  resolveReference,
  type Schema,
} from './details-schema-parts.ts'

const MAX_SCHEMA_LENGTH = 32_768
/** Each one is compiled to code when the schema is first used. */
const MAX_PARTS = 200
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
/** These make the meaning of a reference depend on where it is used. */
const FOREIGN_REFERENCES = ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef']

/** @returns why the schema is refused; undefined if its form is valid */
export function findSchemaProblem(schema: DetailsSchema): string | undefined {
  if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH)
    return `it is longer than ${MAX_SCHEMA_LENGTH} characters of JSON`
  const { $schema = DIALECT } = schema
  if ($schema !== DIALECT) return `its $schema is not ${DIALECT}`
  const all = listSchemas(schema)
  const parts = countParts(all)
  if (parts > MAX_PARTS) return `it has ${parts} schemas inside, more than ${MAX_PARTS}`
  const known = new Set(all)
  const wrong = all.map((one) => findPartProblem(one, schema, known)).find((one) => one !== undefined)
  if (wrong !== undefined) return wrong
  const done = new Set<Schema>()
  return all.some((one) => goesRound(one, { root: schema, done, above: new Set() }))
    ? 'its references are circular'
    : undefined
}

function findPartProblem(schema: Schema, root: Schema, known: ReadonlySet<Schema>): string | undefined {
  // The check would return a promise: every value would pass, and a failure would end the process.
  if (schema.$async !== undefined) return '$async is not supported'
  const foreign = FOREIGN_REFERENCES.find((keyword) => typeof schema[keyword] === 'string')
  if (foreign !== undefined) return `${foreign} is not supported; write $ref: #/$defs/…`
  if (typeof schema.$id === 'string' && schema !== root)
    return 'a nested $id changes what references point to'
  return typeof schema.$ref === 'string' ? findReferenceProblem(schema.$ref, root, known) : undefined
}

function findReferenceProblem($ref: string, root: Schema, known: ReadonlySet<Schema>): string | undefined {
  if ($ref !== '#' && !$ref.startsWith('#/')) return `$ref ${$ref} points outside the schema; write #/$defs/…`
  // Decoded by us and by the library, it could lead to different places.
  if ($ref.includes('%')) return `$ref ${$ref} uses percent-encoding; write the name itself`
  const target = resolveReference(root, $ref)
  // The limits count schemas only where schemas may be, which excludes examples and constants.
  return typeof target === 'boolean' || (isObject(target) && known.has(target))
    ? undefined
    : `$ref ${$ref} leads to no schema`
}

interface Walk {
  readonly root: Schema
  readonly done: Set<Schema>
  /** Schemas that apply to the same value, on the path to this one */
  readonly above: ReadonlySet<Schema>
}

function goesRound(schema: Schema, { root, done, above }: Walk): boolean {
  if (above.has(schema)) return true
  if (done.has(schema)) return false
  const target = resolveReference(root, schema.$ref)
  const next = [...listSubschemas(schema, 'same'), ...(isObject(target) ? [target] : [])]
  const below = new Set(above).add(schema)
  const round = next.some((one) => goesRound(one, { root, done, above: below }))
  done.add(schema)
  return round
}
