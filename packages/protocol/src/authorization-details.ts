// Words for checking authorization details (RFC 9396) by the JSON Schema of their type. Neither compiles a schema nor
// decides what becomes of a fault: the compiler is outside, since it writes code.
import type { Result } from './result.ts'

export type DetailsSchema = Readonly<Record<string, unknown>>

/** The first thing of a detail that its schema does not admit. */
export interface DetailsFault {
  /** JSON Pointer (RFC 6901); empty for the whole */
  readonly path: string
  /** Says what the schema wants, and no value that was sent */
  readonly problem: string
}

export type DetailsCheck = (detail: Readonly<Record<string, unknown>>) => DetailsFault | undefined

/** @returns the check, or why the schema cannot be used */
export type CompileDetailsSchema = (schema: DetailsSchema) => Result<DetailsCheck, string>
