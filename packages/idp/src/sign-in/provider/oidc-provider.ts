// The parts of the sign-in library that we use, without its entry file. At import, that file prints a warning on every
// Node.js release without an LTS code name, and only a change of `console` could stop it.
import type * as Library from 'oidc-provider'
import * as errorClasses from 'oidc-provider/lib/helpers/errors.js'
import * as policy from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import { Provider as ProviderClass } from 'oidc-provider/lib/provider.js'

export const Provider = ProviderClass as typeof Library.Provider
export type Provider = Library.Provider
export const errors = errorClasses as unknown as typeof Library.errors
export const interactionPolicy = policy as unknown as typeof Library.interactionPolicy
