// Explains why an authorization request is refused for a parameter that the library does not support: the library only
// names the error.
import type { Provider } from './oidc-provider.ts'
import type { Context } from '../respond.ts'

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  request_not_supported: 'Send the parameters of the request without request.',
  request_uri_not_supported: 'Send the parameters of the request without request_uri.',
  registration_not_supported:
    'Send the request without registration, and ask an administrator to add the client.',
}

const STATE = 'unsupportedParameter'

/** A pushed request has its response by then; a redirect is built afterwards, from parameters that were read before. */
export function describeUnsupported(provider: Provider): void {
  provider.on('pushed_authorization_request.error', (ctx, { error }) => {
    const description = DESCRIPTIONS[error]
    if (description !== undefined) ctx.body = { error, error_description: description }
  })
  provider.on('authorization.error', (ctx, error) => {
    const description = DESCRIPTIONS[error.error]
    if (description === undefined) return
    error.error_description = description
    ctx.state[STATE] = description
  })
}

/** Adds the description to a redirect to the app, whose query or fragment ends with the parameters of the error. */
export function describeRedirect(ctx: Context): void {
  const description = ctx.state[STATE] as string | undefined
  const location = ctx.response.get('location')
  if (description === undefined || location === '') return
  ctx.set('location', `${location}&${new URLSearchParams({ error_description: description })}`)
}
