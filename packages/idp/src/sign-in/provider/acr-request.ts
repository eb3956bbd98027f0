// The requested strength of the sign-in (`acr_values`, or the `acr` claim), and whether it requires a second factor.
// Does not consider how recent the sign-in is.
import { ACR } from '@crosswalk/protocol'

export interface AcrRequest {
  readonly values: readonly string[]
  /** Required (OpenID Connect Core section 5.5.1.1); otherwise only preferred. */
  readonly essential: boolean
}

const REACHABLE: readonly string[] = Object.values(ACR)

/** @param claim - the `acr` member of the requested ID token claims, which also holds `acr_values` in this library */
export function readAcrRequest(claim: unknown): AcrRequest {
  const { value, values, essential } = (claim ?? {}) as Readonly<Record<string, unknown>>
  const asked = [value, ...(Array.isArray(values) ? values : [])]
  return {
    values: asked.filter((one) => typeof one === 'string'),
    essential: essential === true,
  }
}

/** Whether the request requires a context that no sign-in here can reach. */
export function isUnreachable({ values, essential }: AcrRequest): boolean {
  return essential && values.length > 0 && !values.some((value) => REACHABLE.includes(value))
}

/** Whether the sign-in must continue with a second factor; `acr` is what it has reached. */
export function needsFactor({ values }: AcrRequest, acr: string | undefined): boolean {
  return values.includes(ACR.multiFactor) && !(acr !== undefined && values.includes(acr))
}
