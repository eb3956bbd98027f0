// The configuration settings that are compiled with the definitions.
import { compileDetailsSchema, type Sealing } from '@crosswalk/as-core'
import { createPairwise, indexSubjectIssuers, listSamlTrust } from '@crosswalk/idp/definitions'
import type { Origin } from '@crosswalk/policy'
import { ACR, type AppDefinition } from '@crosswalk/protocol'

import type { Configuration } from '../config-file/configuration.ts'
import type { WorldSettings } from './compile-world.ts'

export function buildSettings({
  configuration,
  sealing,
  ownApps = [],
}: {
  readonly configuration: Configuration
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly ownApps?: readonly AppDefinition[]
}): WorldSettings {
  const { idp, baseUrl, clockSkewSeconds } = configuration
  return {
    clockSkewSeconds,
    ownApps,
    scopeApprovals: idp?.scopeApprovals ?? [],
    pairwise: createPairwise(sealing),
    exchange: idp && {
      issuer: idp.issuer,
      saml: listSamlTrust(idp.saml, baseUrl),
      subjectIssuers: indexSubjectIssuers(idp.subjectIssuers),
      idJagTtlSeconds: idp.idJagTtlSeconds,
      actorProfile: idp.actorProfile,
      nameAgents: idp.nameAgents,
      clockSkewSeconds,
      acrValues: Object.values(ACR),
      origins: listOrigins(configuration),
      compileDetailsSchema,
    },
  }
}

/** Where the file defines its objects: file and line, by `COLLECTION/ID`. */
function listOrigins({ origin }: Configuration): ReadonlyMap<string, Origin> {
  const { file, lines } = origin ?? { file: 'the configuration file', lines: {} }
  return new Map(Object.entries(lines).map(([object, line]) => [object, { file, line }]))
}
