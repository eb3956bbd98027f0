// The JSON Schema of the configuration file, generated from the schema that parses it.
import { showDefault } from '@crosswalk/protocol'
import { z } from 'zod'

import { zConfigurationFile } from './file-schema.ts'
import type { Path } from './finding.ts'

/** The subset of JSON Schema 2020-12 that is generated here. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly format?: string
  readonly minLength?: number
  readonly $ref?: string
}

/** @returns the schema of the file as written, before defaults and conversions */
export function buildJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(zConfigurationFile, {
    io: 'input',
    override: showDefault,
  })
  return { $schema, title: 'Crosswalk configuration', ...schema } as JsonSchema
}

let built: JsonSchema | undefined

/** Built when the first mistake is explained: building takes longer than loading a whole valid file. */
function configurationSchema(): JsonSchema {
  return (built ??= buildJsonSchema())
}

/** @returns the schemas that may apply at a path; several for alternatives */
export function schemasAt(path: Path): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, part) => schemas.flatMap(alternatives).flatMap((schema) => childOf(schema, part) ?? []),
    [configurationSchema()],
  )
}

/** @returns every key an object at this path may have */
export function keysAt(path: Path): readonly string[] {
  const keys = schemasAt(path)
    .flatMap(alternatives)
    .flatMap((schema) => Object.keys(schema.properties ?? {}))
  return [...new Set(keys)]
}

/** @returns the alternatives of the schema, or the schema itself */
export function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema]
}

function childOf(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  if (typeof part === 'number') return schema.items
  const { additionalProperties } = schema
  return (
    schema.properties?.[part] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  )
}
