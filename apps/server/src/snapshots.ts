// The definitions of the file, indexed for the evaluators. They stay as they are while the server runs.
import {
  compileExchangeSnapshot,
  compileRedemptionSnapshot,
  type ExchangeSnapshot,
  type RedemptionSnapshot,
} from '@crosswalk/policy'

import type { Configuration } from './config/configuration.ts'
import { REACHABLE_ACR_VALUES } from './reachable-acr.ts'

/** The file is read once, so there is one revision. */
const FILE_REVISION = 1

export function buildExchangeSnapshot(
  idp: NonNullable<Configuration['idp']>,
  { clockSkewSeconds }: Pick<Configuration, 'clockSkewSeconds'>,
): ExchangeSnapshot {
  const { issuer, idJagTtlSeconds } = idp
  const settings = { issuer, idJagTtlSeconds, clockSkewSeconds, acrValues: REACHABLE_ACR_VALUES }
  return compileExchangeSnapshot(FILE_REVISION, settings, idp)
}

export function buildRedemptionSnapshot(
  server: Configuration['authorizationServers'][number],
  { clockSkewSeconds }: Pick<Configuration, 'clockSkewSeconds'>,
): RedemptionSnapshot {
  return compileRedemptionSnapshot(FILE_REVISION, { issuer: server.issuer, clockSkewSeconds }, server)
}
