// Converts a list of apps from Okta's Apps API (`GET /api/v1/apps`).
import { z } from 'zod'

import { type FindSecret, type Imported, merge } from './imported.ts'
import { type ForeignAuth, type ForeignClient, importClient } from './oidc-app.ts'

const zTexts = z.array(z.string()).default([])

const zOauthSettings = z.looseObject({
  redirect_uris: zTexts,
  post_logout_redirect_uris: zTexts,
  grant_types: zTexts,
  application_type: z.string().optional(),
  jwks: z.unknown().optional(),
  jwks_uri: z.string().optional(),
  backchannel_logout_uri: z.string().optional(),
})
const zOauthCredentials = z.looseObject({
  client_id: z.string(),
  token_endpoint_auth_method: z.string().default('client_secret_basic'),
  pkce_required: z.boolean().optional(),
})

const zApp = z.looseObject({
  id: z.string(),
  label: z.string().optional(),
  status: z.string().default('ACTIVE'),
  signOnMode: z.string().default(''),
  credentials: z.looseObject({ oauthClient: zOauthCredentials.optional() }).nullish(),
  settings: z.looseObject({ oauthClient: zOauthSettings.optional() }).nullish(),
})

/** Bounded, so that a wrong file fails early with one sentence. */
export const zOktaApps = z.array(zApp).max(2000)

export function importOkta(apps: z.output<typeof zOktaApps>, findSecret: FindSecret): Imported {
  const access = {
    what: 'who may use an app',
    reason: 'assignments are not in this list; assign users or groups to each app here',
  }
  return merge([
    ...apps.map((app) => importOne(app, findSecret)),
    { left: apps.length === 0 ? [] : [access] },
  ])
}

function importOne(
  { id, label = id, status, signOnMode, credentials, settings }: z.output<typeof zApp>,
  findSecret: FindSecret,
): Partial<Imported> {
  const what = `app ${label} (${id})`
  const [client, oauth] = [credentials?.oauthClient, settings?.oauthClient]
  if (signOnMode !== 'OPENID_CONNECT' || client === undefined || oauth === undefined)
    return {
      left: [{ what, reason: `its sign-on mode is ${signOnMode || 'not named'}, not OPENID_CONNECT` }],
    }
  const foreign: ForeignClient = {
    id: client.client_id,
    name: label,
    kind: oauth.application_type === 'service' ? 'service' : 'web',
    redirectUris: oauth.redirect_uris,
    postLogoutRedirectUris: oauth.post_logout_redirect_uris,
    backchannelLogoutUri: oauth.backchannel_logout_uri,
    ...(client.pkce_required === false ? { pkce: 'optional' } : {}),
    auth: readAuth(client, oauth),
    ...(status === 'ACTIVE' ? {} : { active: false }),
  }
  return importClient(foreign, findSecret)
}

function readAuth(
  { token_endpoint_auth_method: method }: z.output<typeof zOauthCredentials>,
  { jwks, jwks_uri: jwksUri }: z.output<typeof zOauthSettings>,
): ForeignAuth {
  if (method === 'none') return { by: 'nothing' }
  if (method === 'client_secret_basic' || method === 'client_secret_post')
    return { by: 'secret', sent: method }
  if (method !== 'private_key_jwt') return { by: 'other', name: method }
  return jwksUri === undefined ? { by: 'keys', jwks } : { by: 'keys', jwksUri }
}
