// Types for checking authorization details (RFC 9396) against the JSON Schema of their type. The compiler is injected,
// since it generates code; evaluators decide what a fault means.
import type { Result } from './result.ts'

export type DetailsSchema = Readonly<Record<string, unknown>>

/** The first part of a detail that its schema rejects. */
export interface DetailsFault {
  /** JSON Pointer (RFC 6901); empty for the whole */
  readonly path: string
  /** The schema's requirement, without any value from the request */
  readonly problem: string
}

export type DetailsCheck = (detail: Readonly<Record<string, unknown>>) => DetailsFault | undefined

/** @returns the check, or why the schema cannot be used */
export type CompileDetailsSchema = (schema: DetailsSchema) => Result<DetailsCheck, string>
