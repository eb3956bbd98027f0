// The admin API and the console before it, on the parts of a running server. Without an admin token in the
// configuration there is neither.
import type { Clock, Sealing } from '@crosswalk/authorization-server'
import { hashPassword } from '@crosswalk/idp'
import type { Storage } from '@crosswalk/storage'

import type { AuditStreamsHere } from '../audit/audit-streams.ts'
import type { AuditKeeper } from '../audit/keep-audit.ts'
import type { Configuration } from '../config/configuration.ts'
import { connectConsole } from '../console/connect-console.ts'
import type { UndeclaredProxy } from '../http/undeclared-proxy.ts'
import { createOwnAccess } from '../own-access/own-access.ts'
import { PROOF_PATH } from '../console/cookies.ts'
import { createEvaluate } from '../evaluation/evaluate.ts'
import { createEvaluator } from '../evaluation/evaluator.ts'
import { createProofs } from '../proofs/proofs.ts'
import type { Roles } from '../roles.ts'
import { createAdminApi } from './admin-api.ts'
import { endDueAccess } from './end-access.ts'
import { expireOpenRequests } from './expire-requests.ts'
import { createHandlers } from './handlers.ts'
import { createTurns } from './parts.ts'
import { createSignals } from '../security-events/signals.ts'
import { createWithdrawal } from './withdrawal.ts'

/** How late an approval until a moment may be taken back. */
const END_ACCESS_INTERVAL_MS = 5000

export interface RunningParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly sealing: Sealing
  readonly masterKey: Uint8Array
  readonly clock: Clock
  readonly auditStreams: AuditStreamsHere
  readonly auditKeeper: AuditKeeper
  readonly undeclaredProxy: Pick<UndeclaredProxy, 'since'>
  readonly roles: Pick<
    Roles,
    'connectOwnAccess' | 'directory' | 'hasher' | 'idp' | 'recentRefusals' | 'signingKeys'
  >
  onFault(fault: unknown, reference: string): void
}

export function connectAdminApi(running: RunningParts) {
  const { configuration, storage, sealing, clock, roles, auditStreams, auditKeeper, onFault } = running
  if (configuration.admin === undefined) return undefined
  const { directory, hasher, idp } = roles
  const withdrawal = createWithdrawal({
    directory,
    accessTokens: storage.accessTokens,
    sealing,
    clock,
    issuer: configuration.idp?.issuer,
    endSessions: async (userId) => idp?.signIn.endSessionsOfUser(userId),
  })
  const proofs = connectProofs(running)
  const { masterKey } = running
  const evaluator = createEvaluator({ configuration, masterKey, storage, directory, clock })
  const parts = {
    configuration,
    directory,
    storage,
    clock,
    sealing,
    hasher,
    hashPassword,
    withdrawal,
    signals: createSignals({ directory, sealing, clock, issuer: configuration.idp?.issuer }),
    proofs,
    evaluate: createEvaluate(evaluator),
    auditStreams,
    auditKeeper,
    undeclaredProxySince: () => running.undeclaredProxy.since(),
    recentRefusals: () => roles.recentRefusals(),
    signingKeys: () => roles.signingKeys(),
    inTurn: createTurns(),
    actInTurn: createTurns(),
  }
  roles.connectOwnAccess(createOwnAccess(parts))
  const api = createAdminApi({
    authentication: {
      adminToken: configuration.admin.token,
      findToken: (id) => directory.current().world.tokens.get(id),
      sealing,
      clock,
    },
    handlers: createHandlers(parts),
    onFault,
  })
  const timer = setInterval(() => {
    void Promise.all([endDueAccess(parts), expireOpenRequests(parts)]).catch((fault: unknown) =>
      onFault(fault, 'access-requests'),
    )
  }, END_ACCESS_INTERVAL_MS)
  timer.unref()
  const { admin } = configuration
  const console = connectConsole({
    configuration: { ...configuration, admin },
    storage,
    sealing,
    clock,
    roles,
    api,
    proofs,
    onFault,
  })
  return {
    ...console,
    async close() {
      clearInterval(timer)
      await Promise.all([proofs?.close(), evaluator.close()])
    },
  }
}

function connectProofs({ configuration, storage, sealing, clock, roles, onFault }: RunningParts) {
  const { baseUrl, idp } = configuration
  if (roles.idp === undefined || idp === undefined) return undefined
  return createProofs({
    redirectUri: baseUrl + PROOF_PATH,
    issuer: idp.issuer,
    baseUrl,
    signIn: roles.idp.signIn,
    storage,
    sealing,
    clock,
    onFault,
  })
}
