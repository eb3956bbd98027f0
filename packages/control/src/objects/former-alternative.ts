// In a merge patch, a client with another `method`, or a credential of another `kind`, has other members.
import { isObject } from '@crosswalk/protocol'
import type { z } from 'zod'

interface Definition {
  /** Of optional members and those with a default */
  readonly innerType?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  /** The member by which the alternatives differ */
  readonly discriminator?: string
}

/** @returns the value without the members of alternatives that the patch replaces with another one */
export function omitFormerAlternative(schema: z.ZodType, value: unknown, patch: unknown): unknown {
  const { innerType, shape = {}, discriminator } = schema.def as unknown as Definition
  if (innerType !== undefined) return omitFormerAlternative(innerType, value, patch)
  if (!isObject(value) || !isObject(patch)) return value
  if (discriminator !== undefined) {
    const wanted = patch[discriminator]
    return wanted === undefined || wanted === value[discriminator] ? value : {}
  }
  const members = Object.entries(value).map(([name, member]) => {
    const about = shape[name]
    return [name, about === undefined ? member : omitFormerAlternative(about, member, patch[name])]
  })
  return Object.fromEntries(members) as unknown
}
