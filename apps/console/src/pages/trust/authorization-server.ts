// Authorization servers and their trusted issuers, and how pages change them.
import type { AuthorizationServer } from '../../api/objects.ts'
import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import type { CallTo } from '@crosswalk/admin-api'

export type TrustedIssuer = AuthorizationServer['trustedIssuers'][number]

type Patch = CallTo<'authorization-servers.change'>['body']

/** Lists are replaced as a whole, so the server is read first and changed with If-Match: no concurrent change is lost. */
export async function changeServer(
  id: string,
  patch: (server: AuthorizationServer) => Patch,
  reason: string,
): Promise<AuthorizationServer> {
  const { body: server, etag = '' } = await adminApi.call('authorization-servers.read', { params: { id } })
  const call = { params: { id }, ifMatch: etag, body: patch(server), reason }
  return (await sendChange('authorization-servers.change', call)).body
}

/** An issuer can be trusted once for each tenant. */
export function changeIssuer(
  server: string,
  trusted: TrustedIssuer,
  change: (now: TrustedIssuer) => object,
  reason: string,
): Promise<AuthorizationServer> {
  return changeServer(
    server,
    ({ trustedIssuers }) => ({
      trustedIssuers: trustedIssuers.map((now) =>
        now.issuer === trusted.issuer && now.tenant === trusted.tenant ? change(now) : now,
      ),
    }),
    reason,
  )
}
