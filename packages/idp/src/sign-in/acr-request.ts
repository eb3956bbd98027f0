// What a request asks of the strength of the sign-in (`acr_values`, or the `acr` claim), and whether that takes a
// second factor. Knows nothing of how recent the sign-in is.
import { ACR } from '@crosswalk/protocol'

export interface AcrRequest {
  readonly values: readonly string[]
  /** Nothing else will do (OpenID Connect Core section 5.5.1.1); otherwise it is a wish. */
  readonly essential: boolean
}

const REACHABLE: readonly string[] = Object.values(ACR)

/** @param claim - the `acr` member of the requested ID token claims, where the library puts `acr_values` too */
export function readAcrRequest(claim: unknown): AcrRequest {
  const { value, values, essential } = (claim ?? {}) as Readonly<Record<string, unknown>>
  const asked = [value, ...(Array.isArray(values) ? values : [])]
  return {
    values: asked.filter((one) => typeof one === 'string'),
    essential: essential === true,
  }
}

/** Whether the request insists on a context that no sign-in here has. */
export function isUnreachable({ values, essential }: AcrRequest): boolean {
  return essential && values.length > 0 && !values.some((value) => REACHABLE.includes(value))
}

/** Whether the sign-in has to go on to a second factor; `acr` is what it has reached. */
export function needsFactor({ values }: AcrRequest, acr: string | undefined): boolean {
  if (acr === ACR.multiFactor) return false
  return values.includes(ACR.multiFactor) && !(acr !== undefined && values.includes(acr))
}
