// Connects the admin API and the console to the parts of a running server. Without an admin token in the
// configuration, the server has neither.
import { type Clock, createRounds, type Sealing } from '@crosswalk/as-core'
import {
  type AuditKeeper,
  type RunningStreams,
  type Configuration,
  createAdminApi,
  createEvaluator,
  createHandlers,
  createOwnAccess,
  createProofs,
  createRevokeStopped,
  createScimApi,
  createSerialQueue,
  endDueAccess,
  expireOpenRequests,
  followLdap,
  isLive,
  PROOF_PATH,
} from '@crosswalk/control'
import { hashPassword } from '@crosswalk/idp'
import type { Storage } from '@crosswalk/storage'

import { connectConsole } from './console/connect-console.ts'
import type { ProxyWatch } from './http/proxy-watch.ts'
import type { Roles } from './roles.ts'

/** How late access ends after the expiry of an access grant. */
const END_ACCESS_INTERVAL_MS = 5000
/** After a fault, how late the tokens of a deactivated user are revoked. */
const REVOKE_STOPPED_INTERVAL_MS = 60_000

export interface RunningParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly sealing: Sealing
  /** The sealing key that digests use; the thread that evaluates drafts gets no other */
  readonly digestKey: Uint8Array
  readonly clock: Clock
  readonly auditStreams: RunningStreams
  readonly auditKeeper: AuditKeeper
  readonly proxies: Pick<ProxyWatch, 'trouble'>
  readonly roles: Pick<
    Roles,
    | 'connectOwnAccess'
    | 'directory'
    | 'hasher'
    | 'idp'
    | 'recentRefusals'
    | 'revoker'
    | 'signals'
    | 'signingKeys'
    | 'vault'
  >
  onFault(fault: unknown, reference: string): void
  onDirectoryProblem(directory: string, problems: readonly string[]): void
}

export function connectAdminApi(running: RunningParts) {
  const { configuration, storage, sealing, clock, roles, auditStreams, auditKeeper, onFault } = running
  if (configuration.admin === undefined) return undefined
  const { directory, hasher } = roles
  const proofs = connectProofs(running)
  const { digestKey } = running
  const queue = createSerialQueue()
  const evaluator = createEvaluator({ configuration, digestKey, storage, directory, clock })
  const parts = {
    configuration,
    directory,
    storage,
    clock,
    sealing,
    hasher,
    hashPassword,
    revoker: roles.revoker,
    vault: roles.vault,
    signals: roles.signals,
    proofs,
    evaluate: evaluator.evaluate,
    auditStreams,
    auditKeeper,
    proxyTrouble: () => running.proxies.trouble(),
    recentRefusals: () => roles.recentRefusals(),
    signingKeys: () => roles.signingKeys(),
    inTurn: <T>(useCase: () => Promise<T>) =>
      queue(() => storage.takeTurn(() => directory.judgeAndWrite(useCase))),
    actInTurn: createSerialQueue(),
  }
  roles.connectOwnAccess(createOwnAccess(parts))
  const closing = new AbortController()
  const { round, afterFault } = createRevokeStopped(parts)
  const stopped = createRounds(() => round(closing.signal), {
    everyMs: REVOKE_STOPPED_INTERVAL_MS,
    onFault: (fault) => onFault(fault, 'revoke-stopped'),
  })
  // Immediately, for what an earlier process left behind; later rounds retry after faults.
  void stopped.run()
  const onFaultOfChange: RunningParts['onFault'] = (fault, reference) => {
    afterFault()
    onFault(fault, reference)
  }
  const api = createAdminApi({
    authentication: {
      adminToken: configuration.admin.token,
      findToken: (id) => roles.directory.current().world.tokens.get(id),
      isLive: (token) => isLive(parts, token),
      sealing,
    },
    handlers: createHandlers(parts),
    onFault: onFaultOfChange,
  })
  const endDue = async () => {
    // By the clock of the database: a node whose own clock runs ahead would end access for all nodes.
    const nowMs = await storage.expiry.readTimeMs()
    const now = { ...parts, clock: { nowMs: () => nowMs } }
    await Promise.all([endDueAccess(now), expireOpenRequests(now)])
  }
  const due = createRounds(endDue, {
    everyMs: END_ACCESS_INTERVAL_MS,
    onFault: (fault) => onFault(fault, 'access-requests'),
  })
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
  const directories = configuration.idp?.directories ?? []
  const ldap = followLdap({
    directories,
    admin: parts,
    onFault: onFaultOfChange,
    onProblem: (directory, problems) => running.onDirectoryProblem(directory, problems),
  })
  return {
    ...console,
    ...(directories.every(({ token }) => token === undefined)
      ? {}
      : { scim: createScimApi({ directories, admin: parts, onFault: onFaultOfChange }) }),
    ldap,
    async close() {
      closing.abort()
      await Promise.all([proofs?.close(), evaluator.close(), ldap.close(), stopped.close(), due.close()])
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
