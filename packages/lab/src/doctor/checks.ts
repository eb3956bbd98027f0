// The registry of all `doctor` checks, by subject. Diagnosis and reference page use it; unlisted checks never run.
import type { QuirkEvidence } from '@crosswalk/protocol/vendors'

import { AS_CHECKS } from './as-checks.ts'
import { BROWSER_CHECK, type BrowserEvidence } from './browser-check.ts'
import { CLIENT_CHECKS, type ClientEvidence } from './client-checks.ts'
import { CLIENT_DOCUMENT_CHECK, type ClientDocumentEvidence } from './client-document-check.ts'
import { CONNECTION_CHECKS, type ConnectionEvidence } from './connection-checks.ts'
import type { ResourceEvidence } from './evidence.ts'
import type { DoctorCheck } from './finding.ts'
import { MACHINE_CHECKS, type MachineEvidence } from './machine-checks.ts'
import { NETWORK_CHECKS, type NetworkEvidence } from './network-checks.ts'
import {
  HEALTH_CHECKS,
  type HealthEvidence,
  OVERSIGHT_CHECKS,
  type OversightEvidence,
} from './oversight-checks.ts'
import { TRUST_CHECKS } from './quirk-checks.ts'
import { RESOURCE_CHECKS } from './resource-checks.ts'
import { IDP_CHECKS, type ServerCheck } from './server-checks.ts'
import { UPSTREAM_CHECKS, type UpstreamEvidence } from './upstream-checks.ts'

interface DoctorChecks {
  /** For the machine that runs the doctor */
  readonly machine: readonly DoctorCheck<MachineEvidence>[]
  /** For every server and resource: whether it can be reached at all */
  readonly network: readonly DoctorCheck<NetworkEvidence>[]
  readonly idp: readonly ServerCheck[]
  readonly as: readonly ServerCheck[]
  /** For identity providers whose ID tokens are accepted as subject tokens */
  readonly upstream: readonly DoctorCheck<UpstreamEvidence>[]
  /** For issuers whose ID-JAGs an authorization server accepts */
  readonly trusted: readonly DoctorCheck<QuirkEvidence>[]
  readonly resource: readonly DoctorCheck<ResourceEvidence>[]
  /** For endpoints that a page calls */
  readonly browser: readonly DoctorCheck<BrowserEvidence>[]
  /** For an app with its credentials, at each server */
  readonly client: readonly DoctorCheck<ClientEvidence>[]
  /** For a client id that is a URL */
  readonly clientDocument: readonly DoctorCheck<ClientDocumentEvidence>[]
  /** For both ends of a connection, from a file or a running Crosswalk */
  readonly connection: readonly DoctorCheck<ConnectionEvidence>[]
  /** For a running Crosswalk, from outside */
  readonly health: readonly DoctorCheck<HealthEvidence>[]
  /** For a running Crosswalk, through its admin API */
  readonly oversight: readonly DoctorCheck<OversightEvidence>[]
}

export const DOCTOR_CHECKS: DoctorChecks = {
  machine: [...MACHINE_CHECKS],
  network: [...NETWORK_CHECKS],
  idp: [...IDP_CHECKS],
  as: [...AS_CHECKS],
  upstream: [...UPSTREAM_CHECKS],
  trusted: [...TRUST_CHECKS],
  resource: [...RESOURCE_CHECKS],
  browser: [BROWSER_CHECK],
  client: [...CLIENT_CHECKS],
  clientDocument: [CLIENT_DOCUMENT_CHECK],
  connection: [...CONNECTION_CHECKS],
  health: [...HEALTH_CHECKS],
  oversight: [...OVERSIGHT_CHECKS],
}
