// Connects the admin API and the console to the parts of a running server. Without an admin token in the
// configuration, the server has neither.
import { type Clock, createRounds, type Sealing, settleAll } from '@crosswalk/as-core'
import {
  type AuditKeeper,
  type RunningStreams,
  type Configuration,
  createAdminApi,
  createEvaluator,
  createHandlers,
  createOwnAccess,
  createProofs,
  createScimApi,
  createSerialQueue,
  endDueAccess,
  expireOpenRequests,
  openDueReviews,
  closeDueReviews,
  continueClosings,
  createRemovalRounds,
  followLdap,
  findToken,
  isLive,
  PROOF_PATH,
} from '@crosswalk/control'
import { hashPassword } from '@crosswalk/idp'
import type { DatabaseSealing, Storage } from '@crosswalk/storage'

import { connectConsole } from './console/connect-console.ts'
import type { ProxyWatch } from './http/proxy-watch.ts'
import type { Roles } from './roles.ts'

/** How late access ends after the expiry of an access grant. */
const END_ACCESS_INTERVAL_MS = 5000

export interface RunningParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly sealing: Sealing & Pick<DatabaseSealing, 'digestKey'>
  readonly clock: Clock
  readonly auditStreams: RunningStreams
  readonly auditKeeper: AuditKeeper
  readonly proxies: Pick<ProxyWatch, 'trouble'>
  readonly roles: Pick<
    Roles,
    | 'completeChanges'
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
  const { configuration, storage, sealing, clock, roles, onFault, onDirectoryProblem: onProblem } = running
  const { admin, idp } = configuration
  if (admin === undefined) return undefined
  const { directory } = roles
  // The thread that evaluates drafts gets no other key.
  const { digestKey } = sealing
  const evaluator = createEvaluator({ configuration, digestKey, storage, directory, clock })
  const proofs = connectProofs(running)
  const parts = { ...collectParts(running), proofs, evaluate: evaluator.evaluate }
  roles.connectOwnAccess(createOwnAccess(parts))
  const rounds = startRounds(parts, onFault)
  const api = createAdminApi({
    authentication: {
      adminToken: admin.token,
      findToken: (id) => findToken(directory.current().world, id),
      isLive: (token) => isLive(parts, token),
      sealing,
    },
    handlers: createHandlers(parts),
    onFault,
  })
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
  const directories = idp?.directories ?? []
  const provisioning = { directories, admin: parts, onFault }
  const ldap = followLdap({ ...provisioning, onProblem })
  const scim = directories.some(({ token }) => token !== undefined) ? createScimApi(provisioning) : undefined
  return {
    ...console,
    scim,
    ldap,
    async close() {
      await Promise.all([rounds.close(), proofs?.close(), evaluator.close(), ldap.close()])
    },
  }
}

function collectParts({ roles, proxies, ...running }: RunningParts) {
  const { configuration, storage, sealing, clock, auditStreams, auditKeeper } = running
  const { completeChanges, directory, hasher, revoker, vault, signals } = roles
  const queue = createSerialQueue()
  return {
    configuration,
    directory,
    storage,
    clock,
    sealing,
    hasher,
    hashPassword,
    revoker,
    vault,
    signals,
    auditStreams,
    auditKeeper,
    proxyTrouble: () => proxies.trouble(),
    recentRefusals: () => roles.recentRefusals(),
    signingKeys: () => roles.signingKeys(),
    inTurn: <T>(useCase: () => Promise<T>) =>
      queue(async () => {
        await completeChanges()
        return storage.takeTurn(() => directory.judgeAndWrite(useCase))
      }),
    actInTurn: createSerialQueue(),
  }
}

/** Ends access that is due, verifies that removed access has ended, and opens and closes reviews that are due. */
function startRounds(parts: ReturnType<typeof collectParts>, onFault: RunningParts['onFault']) {
  const verifyRemovals = createRemovalRounds()
  const report = (fault: unknown) => onFault(fault, 'due-access')
  const endDue = async () => {
    // By the clock of the database: a node whose own clock runs ahead would end access for all nodes.
    const nowMs = await parts.storage.expiry.readTimeMs()
    const now = { ...parts, clock: { nowMs: () => nowMs } }
    await settleAll(
      [
        endDueAccess(now),
        expireOpenRequests(now),
        verifyRemovals(now),
        continueClosings(now),
        openDueReviews(now),
        closeDueReviews(now),
      ],
      report,
    )
  }
  return createRounds(endDue, { everyMs: END_ACCESS_INTERVAL_MS, onFault: report })
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
