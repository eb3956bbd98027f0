// Opens and connects everything behind the socket, and registers its clean-up in reverse order.
import { type Clock, createFaultLog } from '@crosswalk/as-core'
import {
  checkReadable,
  type Configuration,
  createAuditStreams,
  type Environment,
  createAuditKeeper,
  registerEventStreamMetrics,
  registerStreamMetrics,
  type SyncResult,
  withDecisionPoint,
  revokeHeld,
} from '@crosswalk/control'
import {
  openSealing,
  openStorage as openDatabase,
  type Storage,
  type StorageOptions,
} from '@crosswalk/storage'

import type { CleanUp } from './clean-up.ts'
import { connectAdminApi, type RunningParts } from './connect-admin-api.ts'
import { forgetExpired, startHousekeeping } from './housekeeping.ts'
import { type AccessLog, type AccessLogOptions, openAccessLog } from './http/access-log.ts'
import { createAdmission } from './http/admission.ts'
import { type App, createApp } from './http/app.ts'
import { createFindClientAddress } from './http/client-address.ts'
import { createFetchMetrics } from './http/fetch-metrics.ts'
import type { ManagementParts } from './http/management-app.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import { watchProxies } from './http/proxy-watch.ts'
import { createReadiness } from './http/readiness.ts'
import { createStorageMetrics } from './http/storage-metrics.ts'
import { findServerKey } from './key-file.ts'
import { listProvidersInUse, openKeyProviders } from './key-providers/configured-providers.ts'
import { logToStandardError } from './log-to-standard-error.ts'
import { createRoles, type Roles } from './roles.ts'
import { describeFirstUseProblem, describeLogProblem, describeStorageProblem } from './start-problems.ts'

export interface ServerOptions {
  readonly environment: Environment
  /** For operators, one line each; standard error by default */
  readonly log?: (line: string) => void
  readonly clock?: Clock
  readonly metrics?: Metrics
  /** Prometheus text; of this process by default */
  readonly renderMetrics?: () => Promise<string>
  /** Bind only once everything is ready, for a process that joins others which already serve. */
  readonly bindLast?: boolean
  /** Called first with the bound port: for `listen.port: 0`, where `baseUrl` must contain it. */
  readonly atPort?: (port: number) => Configuration
}

/** Periodic work of a server, on demand. */
export interface Upkeep {
  /** Deletes audit events past retention now, as happens every ten minutes. @returns the number of events, by log */
  retainAudit(): Promise<ReadonlyMap<string, number>>
  /** Deletes expired data now, as happens every minute. */
  forgetExpired(): Promise<void>
  /** Reads a directory over LDAP now. @returns undefined if it is not an LDAP directory */
  readDirectory(id: string): Promise<SyncResult | undefined>
}

export interface OpenedApp extends Upkeep {
  readonly app: App
  /** The state for the management listener */
  readonly managed: ManagementParts
  /** Makes it report not ready from now on. */
  setDraining(): void
  /** Ends responses that would never end by themselves */
  endStreams(): void
}

/** @throws StartError if something cannot be opened or used */
export async function openApp(
  configuration: Configuration,
  options: ServerOptions,
  cleanUp: CleanUp,
): Promise<OpenedApp> {
  const { log = logToStandardError, clock = { nowMs: () => Date.now() }, environment } = options
  const takeKey = findServerKey(configuration.database, environment)
  const metrics = options.metrics ?? createMetrics()
  const storageMetrics = createStorageMetrics(metrics.registry)
  const { onBatch, onForgotten } = storageMetrics
  const watched = {
    clock,
    onCommitted: metrics.countEntry,
    onBatch,
    checkObject: checkReadable,
    onMigrate: (missing: readonly string[]) => log(`migrating the database: ${missing.join(', ')}`),
  }
  const storage = await openStorage(configuration.database, watched, cleanUp)
  const onFault = createFaultLog(log)
  const masterKey = await takeKey(storage)
  const describeProblem = (error: unknown) => {
    throw describeFirstUseProblem(error, configuration.database)
  }
  const sealing = await openSealing(storage.keys, masterKey).catch(describeProblem)
  const accessLog = await openLog(configuration, { sealing, onFault }, cleanUp)
  const keyProviders = await openKeyProviders(configuration)
  cleanUp.defer(() => keyProviders.close())
  const parts = { configuration, storage, sealing, clock, onFault }
  const roles = await createRoles({
    ...parts,
    keyProviders,
    watchFetch: createFetchMetrics(metrics.registry),
    onDecision(record) {
      metrics.observeDecision(record, clock.nowMs())
      accessLog?.onDecision(record)
    },
  }).catch(describeProblem)
  cleanUp.defer(() => roles.close())
  storageMetrics.watch({
    connections: () => storage.connections(),
    revision: () => roles.directory.current().world.revision,
  })
  const { ledger, accessTokens } = storage
  cleanUp.defer(
    startHousekeeping({
      signingKeys: () => roles.signingKeys(),
      receivedRevocations: roles.receivedRevocations,
      revokeHeld: () =>
        revokeHeld({ redemption: roles.directory.current().redemption, accessTokens, ledger, clock }),
      completeChanges: roles.completeChanges,
      storage,
      onForgotten,
      onFault,
    }),
  )
  const findFaults = createReadiness(storage, listProvidersInUse(keyProviders, roles))
  const renderMetrics = options.renderMetrics ?? (() => metrics.registry.metrics())
  return connectApp({ ...parts, roles, metrics, accessLog, log, findFaults, renderMetrics, cleanUp })
}

interface OpenedParts extends Omit<
  RunningParts,
  'auditStreams' | 'auditKeeper' | 'onDirectoryProblem' | 'proxies' | 'roles'
> {
  readonly roles: Roles
  readonly metrics: Metrics
  readonly accessLog: AccessLog | undefined
  readonly cleanUp: CleanUp
  log(line: string): void
  findFaults(): Promise<readonly string[]>
  renderMetrics(): Promise<string>
}

function connectApp(opened: OpenedParts): OpenedApp {
  const { configuration, storage, roles, metrics, log, renderMetrics, cleanUp, onFault } = opened
  const audit = openAudit(opened)
  const proxies = watchProxiesOf(opened)
  const adminApi = connectAdminApi({
    ...opened,
    ...audit,
    proxies,
    onDirectoryProblem(directory, problems) {
      for (const problem of problems) log(`warning: directory ${directory}: ${problem}`)
    },
  })
  cleanUp.defer(() => adminApi?.close())
  if (configuration.idp !== undefined)
    registerEventStreamMetrics(metrics.registry, { configuration, storage, directory: roles.directory })
  let draining = false
  const findUnready = async () => (draining ? ['draining'] : opened.findFaults())
  const app = createApp({
    roles: () => roles.current(),
    ...(adminApi === undefined ? {} : { adminApi: withDecisionPoint(adminApi, configuration.baseUrl) }),
    scim: adminApi?.scim,
    metrics,
    admission: createAdmission(configuration.limits, metrics.registry, new URL(configuration.baseUrl).host),
    findClientAddress: proxies.findClientAddress,
    onFault,
    ...(configuration.metrics?.public === true ? { renderMetrics } : {}),
    findUnready,
    accessLog: opened.accessLog,
  })
  return {
    app,
    managed: { renderMetrics, findUnready },
    retainAudit: audit.auditKeeper.retainNow,
    forgetExpired: () => forgetExpired({ storage, receivedRevocations: roles.receivedRevocations }),
    readDirectory: async (id) => adminApi?.ldap.run(id),
    setDraining: () => void (draining = true),
    endStreams: () => adminApi?.endStreams(),
  }
}

/** Delivers audit events, and deletes them past retention. */
function openAudit({ configuration, storage, sealing, clock, metrics, cleanUp, onFault }: OpenedParts) {
  const definitions = configuration.audit.streams
  const streams = createAuditStreams({ definitions, storage, clock, onFault })
  cleanUp.defer(() => streams.close())
  if (definitions.length > 0) registerStreamMetrics(metrics.registry, streams)
  const auditKeeper = createAuditKeeper({ configuration, storage, sealing, clock, streams, onFault })
  cleanUp.defer(() => auditKeeper.close())
  return { auditStreams: streams, auditKeeper }
}

function watchProxiesOf({ configuration, roles, clock, log }: OpenedParts) {
  const { trustedProxies } = configuration.listen
  return watchProxies({
    findClientAddress: createFindClientAddress(trustedProxies),
    declared: trustedProxies.length > 0,
    readsAddress: () => roles.directory.current().exchange?.rules.readsAddress === true,
    clock,
    log,
  })
}

async function openStorage(databaseUrl: string, options: StorageOptions, cleanUp: CleanUp): Promise<Storage> {
  const storage = await openDatabase(databaseUrl, options).catch((error: unknown) => {
    throw describeStorageProblem(error, databaseUrl)
  })
  cleanUp.defer(() => storage.close())
  return storage
}

async function openLog(
  { accessLog }: Configuration,
  parts: Omit<AccessLogOptions, 'to'>,
  cleanUp: CleanUp,
): Promise<AccessLog | undefined> {
  if (accessLog === undefined) return undefined
  const log = await openAccessLog({ ...accessLog, ...parts }).catch((error: unknown) => {
    throw describeLogProblem(error, accessLog.to)
  })
  cleanUp.defer(() => log.close())
  return log
}
