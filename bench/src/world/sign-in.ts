// Signs the user in to a test app, in a browser without JavaScript: returns different ID tokens of one session.
import { GRANT_TYPE } from '@crosswalk/protocol'

import { basic, postForm } from '../../../tests/src/support/flow.ts'
import { signIn } from '../../../tests/src/support/form-walker.ts'
import { APP, USER } from './configuration.ts'
import type { Metadata } from './start-crosswalk.ts'

export async function signInOften(idp: Metadata, count: number): Promise<readonly string[]> {
  const jar = new Map<string, string>()
  const tokens: string[] = []
  while (tokens.length < count) tokens.push(await getIdToken(idp, jar))
  return tokens
}

async function getIdToken(idp: Metadata, jar: Map<string, string>): Promise<string> {
  const { redirectUri } = APP
  const authorizationEndpoint = idp.authorization_endpoint ?? ''
  const request = { ...USER, authorizationEndpoint, clientId: APP.id, redirectUri, scope: 'openid' }
  const { code, codeVerifier, page } = await signIn(request, jar)
  if (code === null) throw new Error(`no code: ${page ?? ''}`)
  const grant = { grant_type: GRANT_TYPE.authorizationCode, code, redirect_uri: redirectUri }
  const form = { ...grant, code_verifier: codeVerifier }
  const { body } = await postForm(idp.token_endpoint, form, { authorization: basic(APP) })
  if (body.id_token === undefined) throw new Error(`no id_token: ${JSON.stringify(body)}`)
  return String(body.id_token)
}
