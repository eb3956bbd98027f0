// Every rule there is.
import * as definitions from './definition-rules.ts'
import type { Rule } from './hint.ts'
import * as operations from './operation-rules.ts'
import * as traffic from './traffic-rules.ts'

export const RULES: readonly Rule[] = [
  definitions.agentWithoutOwner,
  definitions.appKeyOld,
  operations.auditStreamLag,
  definitions.connectionUnused,
  definitions.connectionWithoutEnd,
  operations.killDrillMissing,
  traffic.peopleSpike,
  traffic.refusalBurst,
  traffic.scopeFirstUse,
  definitions.scopeMeaningChanged,
  definitions.signingKeyOld,
  traffic.unknownClient,
  traffic.volumeSpike,
]
