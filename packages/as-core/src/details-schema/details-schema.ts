// Compiles JSON Schemas (2020-12) of authorization details types with ajv. Accepts only self-contained schemas with
// bounded cost: no external references, patterns in linear time, nothing fetched, changed or filled in.
import {
  renderPointer,
  accept,
  type CompileDetailsSchema,
  type DetailsCheck,
  type DetailsFault,
  type DetailsSchema,
  refuse,
  type Result,
} from '@crosswalk/protocol'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'

import { isAffordable, estimateCost } from './details-schema-cost.ts'
import { findSchemaProblem } from './details-schema-form.ts'

/** Checked by simple expressions: 30 February passes as a date, and a text of 8192 characters costs little. */
const FORMATS = ['date', 'time', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'] as const

const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  strictTuples: false,
  // Inherited properties must not satisfy `required: [toString]`.
  ownProperties: true,
  logger: false,
  // Inlining compiles a schema once per reference, and optimizing the code takes longer than it saves.
  inlineRefs: false,
  code: { regExp: Object.assign(compilePattern, { code: 'linear time only' }), optimize: false },
})
addFormats.default(ajv, { mode: 'fast', formats: [...FORMATS] })

/** Clients choose the text that a pattern is matched against, so no pattern may backtrack. */
function compilePattern(pattern: string): { test(text: string): boolean } {
  return RE2JS.compile(RE2JS.translateRegExp(pattern))
}

const MAX_KEPT = 512
const byObject = new WeakMap<DetailsSchema, Result<DetailsCheck, string>>()
const byText = new Map<string, Result<DetailsCheck, string>>()

/** Compiles equal schemas once, even if they are different objects. */
export const compileDetailsSchema: CompileDetailsSchema = (schema) => {
  const known = byObject.get(schema) ?? compileText(schema)
  byObject.set(schema, known)
  return known
}

function compileText(schema: DetailsSchema): Result<DetailsCheck, string> {
  const text = JSON.stringify(schema)
  const known = byText.get(text)
  if (known !== undefined) return known
  const made = compile(schema)
  if (byText.size >= MAX_KEPT) byText.clear()
  byText.set(text, made)
  return made
}

function compile(schema: DetailsSchema): Result<DetailsCheck, string> {
  const problem = findSchemaProblem(schema)
  if (problem !== undefined) return refuse(problem)
  const cost = estimateCost(schema)
  if (cost === undefined) return refuse('checking a value would take too many steps')
  // References stay inside the schema, so its $id has no meaning here, and two schemas may share one.
  const { $id: _, ...own } = schema
  try {
    const validate = ajv.compile(own)
    return accept((detail) => {
      if (!isAffordable(detail, cost)) return { path: '', problem: 'is too large for its schema' }
      return validate(detail) ? undefined : describe(validate.errors?.at(-1))
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  } finally {
    ajv.removeSchema(own)
  }
}

const MAX_PATH_LENGTH = 200

/** The last error belongs to the outermost keyword: to an `anyOf`, not to one of its branches. */
function describe(error: ErrorObject | undefined): DetailsFault {
  const { instancePath = '', message = 'must match the schema', params = {} } = error ?? {}
  const member: unknown =
    params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['missingProperty']
  const path = typeof member === 'string' ? instancePath + renderPointer([member]) : instancePath
  return { path: path.slice(0, MAX_PATH_LENGTH), problem: message }
}
