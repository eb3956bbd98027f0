// Options of fields, filters and button groups.
export interface Choice<V extends string = string> {
  readonly value: V
  readonly label: string
}

export function choicesOf<const V extends string>(
  values: readonly V[],
  nameOf: (value: V) => string,
): Choice<V>[] {
  return values.map((value) => ({ value, label: nameOf(value) }))
}
