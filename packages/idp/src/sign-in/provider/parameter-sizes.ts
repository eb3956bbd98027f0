// Size limits for the parameters of an authorization request, because they are stored until the sign-in ends and anyone
// can send them without an account.
import type { KoaContextWithOIDC } from 'oidc-provider'
import { errors } from './oidc-provider.ts'

const MAX_PARAMETER_CHARACTERS = 2048
const MAX_CHARACTERS_ALTOGETHER = 6144

/** @throws InvalidRequest, which is returned to the app with its `state` */
export function checkParameterSizes({ oidc }: KoaContextWithOIDC): void {
  const sizes = Object.entries(oidc.params ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, size: String(value).length }],
  )
  const long = sizes.find(({ size }) => size > MAX_PARAMETER_CHARACTERS)
  if (long !== undefined)
    throw new errors.InvalidRequest(`${long.name} is longer than ${MAX_PARAMETER_CHARACTERS} characters`)
  if (sizes.reduce((sum, { size }) => sum + size, 0) > MAX_CHARACTERS_ALTOGETHER)
    throw new errors.InvalidRequest(`the request is longer than ${MAX_CHARACTERS_ALTOGETHER} characters`)
}
