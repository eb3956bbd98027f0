// Types of authorization details, each with the check of its schema where it has one. Says what is wrong with details;
// which code that is, each evaluator says itself.
import type { CompileDetailsSchema, DetailsCheck, DetailsFault, DetailsSchema } from '@crosswalk/protocol'

/** Known types; undefined for one that takes whatever is in it */
export type DetailsTypes = ReadonlyMap<string, DetailsCheck | undefined>

type WrittenType = string | { readonly type: string; readonly schema?: DetailsSchema | undefined }

/**
 * @param compile - may be missing where no type has a schema
 * @throws TypeError for a schema that nothing could check
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
  // Fails closed: a schema is stored for as long as nobody looked, and what it should have kept out stays out.
  return compiled.accepted
    ? compiled.value
    : () => ({ path: '', problem: `the schema of ${type} cannot be used: ${compiled.refusal}` })
}

/** @returns the first fault, its path beginning with the place in the array */
export function findDetailsFault(
  details: readonly Readonly<Record<string, unknown>>[],
  types: DetailsTypes | undefined,
): DetailsFault | undefined {
  for (const [index, detail] of details.entries()) {
    const fault = types?.get(String(detail.type))?.(detail)
    if (fault !== undefined) return { ...fault, path: `/${index}${fault.path}` }
  }
  return undefined
}
