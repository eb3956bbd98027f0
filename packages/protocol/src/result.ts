/** The outcome of a check that may refuse: refusals are values, faults are thrown. */
export type Result<T, R> =
  | { readonly accepted: true; readonly value: T }
  | { readonly accepted: false; readonly refusal: R }

export function accept<T>(value: T): { readonly accepted: true; readonly value: T } {
  return { accepted: true, value }
}

export function refuse<R>(refusal: R): { readonly accepted: false; readonly refusal: R } {
  return { accepted: false, refusal }
}
