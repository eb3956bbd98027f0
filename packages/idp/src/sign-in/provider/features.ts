// Which parts of the provider library are on, and the pages that they show.
import { buildFormTargets } from '@crosswalk/as-core/pages'
import type { Configuration, FindAccount, KoaContextWithOIDC } from 'oidc-provider'

import { buildErrorPage } from '../../pages/error-page.ts'
import { buildSignedOutPage, buildSignOutPage } from '../../pages/sign-out-page.ts'
import type { SignInPorts } from '../contract.ts'
import { respondWithPage } from '../respond.ts'
import { createRevocationPolicy } from './revoke-grants.ts'
import { listSignOuts, type Upstream } from '../upstream/upstreams.ts'

export interface FeatureParts {
  readonly displayName: string
  readonly ports: SignInPorts
  readonly upstreams: readonly Upstream[]
  readonly findAccount: FindAccount
}

export function buildFeatures({
  displayName,
  ports,
  upstreams,
  findAccount,
}: FeatureParts): NonNullable<Configuration['features']> {
  return {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    // An app may introspect and revoke its own tokens; those of other apps do not exist for it. A token that userinfo
    // and refresh deny is not active, as after a block.
    introspection: {
      enabled: true,
      allowedPolicy: async (ctx, client, token) =>
        token.clientId === client.clientId &&
        'accountId' in token &&
        (await findAccount(ctx, token.accountId, token)) !== undefined,
    },
    revocation: { enabled: true, allowedPolicy: createRevocationPolicy(ports) },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) => askToSignOut(ctx, displayName, ports),
      async postLogoutSuccessSource(ctx) {
        const stayed = ctx.oidc.client !== undefined
        const elsewhere = stayed ? [] : await listSignOuts(upstreams)
        await respondWithPage(ctx, buildSignedOutPage({ displayName, stayed, elsewhere }))
      },
    },
  }
}

async function askToSignOut(ctx: KoaContextWithOIDC, displayName: string, ports: SignInPorts): Promise<void> {
  const app = ctx.oidc.client === undefined ? undefined : ports.apps.find(ctx.oidc.client.clientId)
  const page = buildSignOutPage({
    displayName,
    action: ctx.oidc.urlFor('end_session_confirm'),
    xsrf: String(ctx.oidc.session?.state?.['secret']),
    formTargets: buildFormTargets(app?.postLogoutRedirectUris ?? []),
    ...(app === undefined ? {} : { appName: app.name }),
  })
  await respondWithPage(ctx, page)
}

/** The page for an error that cannot be reported to the app; `reference` was set when the request arrived. */
export async function renderError(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
  displayName: string,
): Promise<void> {
  const page = buildErrorPage({
    displayName,
    status: ctx.status,
    error: out.error,
    reference: String(ctx.state['reference']),
    ...(out.error_description === undefined
      ? {}
      : { description: `${out.error_description}${describeRedirectUri(ctx, out.error)}` }),
  })
  await respondWithPage(ctx, page)
}

/** The developer needs the URI as it was sent. Without spaces it cannot carry a message to the user. */
function describeRedirectUri(ctx: KoaContextWithOIDC, error: string): string {
  const sent = error === 'invalid_redirect_uri' ? ctx.oidc.params?.['redirect_uri'] : undefined
  return typeof sent === 'string' && /^[\x21-\x7e]{1,200}$/.test(sent) ? `: ${sent}` : ''
}
