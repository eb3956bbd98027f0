// Errors of an authorization request before the user has done anything. They are returned directly to an app that an
// administrator registered. The address of any other app may belong to anyone, so the user decides whether to go there
// (RFC 9700 section 4.11.2).
import type { errors, Provider } from 'oidc-provider'

import { buildErrorPage } from '../../pages/error-page.ts'
import { ROUTES } from './provider.ts'
import { type Context, respondWithPage } from '../respond.ts'
import type { Interactions } from '../visit.ts'

const STATE = 'authorizationError'

type AuthorizationError = errors.OIDCProviderError & { readonly allow_redirect?: boolean }

/** The library responds in one of several forms, so take the error from its event. */
export function watchErrors(provider: Provider): void {
  provider.on('authorization.error', (ctx, error) => {
    ctx.state[STATE] = error
  })
}

/** Replaces a response that leads to the app. Errors after sign-in use another path. */
export async function holdError(ctx: Context, { displayName, ports }: Interactions): Promise<void> {
  const error = ctx.state[STATE] as AuthorizationError | undefined
  if (ctx.path !== ROUTES.authorization || error?.allow_redirect !== true) return
  const { client, params } = (ctx['oidc'] ?? {}) as {
    client?: { clientId: string; clientName?: string }
    params?: { redirect_uri?: unknown }
  }
  const redirectUri = params?.redirect_uri
  if (client === undefined || typeof redirectUri !== 'string' || !URL.canParse(redirectUri)) return
  if (ports.apps.isRegistered?.(client.clientId) ?? true) return
  const url = ctx.response.get('location')
  ctx.remove('location')
  await respondWithPage(
    ctx,
    buildErrorPage({
      displayName,
      status: 400,
      error: error.error,
      ...(error.error_description === undefined ? {} : { description: error.error_description }),
      reference: String(ctx.state['reference']),
      app: {
        name: client.clientName ?? client.clientId,
        host: new URL(redirectUri).host,
        url: url === '' ? undefined : url,
      },
    }),
  )
}
