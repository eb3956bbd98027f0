// Builds the shell command that proves a connection.
import { toCommandLine, toShellWord } from '@crosswalk/protocol'

import type { Parties } from './parties.ts'

/** Redirect URIs that a CLI on this machine can receive. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//

/** @param inBody - whether the app is registered at the resource to send its secret in the body */
export function buildCommand(
  { connection, app, resourceApp }: Parties,
  { idp, inBody = false }: { readonly idp: string; readonly inBody?: boolean | undefined },
): string {
  const { clientId, resources, scopes } = connection
  const give = (option: string, value: string) => `--${option} ${toShellWord(value)}`
  return [
    toCommandLine('flow', 'run', ...(canSignIn(app) ? signIn(app) : ['--id-token', 'ID_TOKEN_FILE'])),
    `${give('idp', idp)} ${give('client-id', app.id)}`,
    `${give('as', resourceApp.issuer)} ${give('as-client-id', clientId ?? app.id)}${inBody ? ' --as-secret-post' : ''}`,
    ...(resources[0] === undefined ? [] : [give('resource', resources[0])]),
    ...(scopes.length === 0 ? [] : [give('scope', scopes.join(' '))]),
  ].join(' \\\n  ')
}

/** @returns whether users can sign in to the app; unknown for one with a metadata document, so true */
export function canSignIn({ redirectUris }: Parties['app']): boolean {
  return redirectUris?.length !== 0
}

function signIn({ redirectUris }: Parties['app']): readonly string[] {
  const redirectUri = redirectUris?.find((uri) => LOOPBACK.test(uri))
  return ['--sign-in', ...(redirectUri === undefined ? [] : ['--redirect-uri', redirectUri])]
}
