// Definitions without the values that the schema fills in anyway, so that they contain only deliberate settings, and mean the
// same in a later release with more settings.
import type { z } from 'zod'

/** @param value - already parsed by the schema */
export function omitDefaults(schema: z.ZodType, value: unknown): unknown {
  const inner = unwrap(schema)
  if (inner.def.type === 'array' && Array.isArray(value)) {
    const { element } = inner.def as unknown as { readonly element: z.ZodType }
    return value.map((item) => omitDefaults(element, item))
  }
  if (inner.def.type !== 'object' || typeof value !== 'object' || value === null) return value
  const { shape } = inner.def as unknown as { readonly shape: Readonly<Record<string, z.ZodType>> }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const about = shape[key]
      if (about === undefined) return [[key, member]]
      return isDefault(about, member) ? [] : [[key, omitDefaults(about, member)]]
    }),
  )
}

function isDefault(schema: z.ZodType, value: unknown): boolean {
  const { type } = schema.def
  if (type !== 'default' && type !== 'prefault') return value === undefined
  const parsed = schema.safeParse(undefined)
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(value)
}

function unwrap(schema: z.ZodType): z.ZodType {
  const { type } = schema.def
  if (!['default', 'prefault', 'optional', 'nullable'].includes(type)) return schema
  return unwrap((schema.def as unknown as { readonly innerType: z.ZodType }).innerType)
}

/** The inverse; validates nothing, so it also completes what an earlier release accepted. */
export function fillDefaults(schema: z.ZodType, value: unknown): unknown {
  const inner = unwrap(schema)
  if (inner.def.type === 'array' && Array.isArray(value)) {
    const { element } = inner.def as unknown as { readonly element: z.ZodType }
    return value.map((item) => fillDefaults(element, item))
  }
  if (inner.def.type !== 'object' || typeof value !== 'object' || value === null) return value
  const { shape } = inner.def as unknown as { readonly shape: Readonly<Record<string, z.ZodType>> }
  const missing = Object.entries(shape).flatMap(([key, about]) => {
    if (key in value) return []
    const parsed = about.safeParse(undefined)
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : []
  })
  const given = Object.entries(value).map(([key, member]) => {
    const about = shape[key]
    return [key, about === undefined ? member : fillDefaults(about, member)]
  })
  return Object.fromEntries([...missing, ...given])
}
