import type { z } from 'zod'

/** `override` of `z.toJSONSchema`: Zod omits the default of values that are also accepted as text. */
export const showDefault: NonNullable<z.core.ToJSONSchemaParams['override']> = ({
  zodSchema: { _zod: zod },
  jsonSchema,
}) => {
  if (zod.def.type === 'default') jsonSchema.default = zod.def.defaultValue as typeof jsonSchema.default
}
