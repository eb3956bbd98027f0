// Whether a change of definitions is allowed: by the caller's role, by the roles of approvers that it names, then by the
// policy tests. Every route that writes definitions uses this.
import type { Collection } from '@crosswalk/admin-api'

import type { NextDefinitions } from '../definitions/preview-world.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { checkPolicyTests, type SuiteVerdict } from '../policy-tests/check-policy-tests.ts'
import { refuseChangeAbove } from '../administrators/role-ceiling.ts'
import { refuseApprovers } from './refuse-approvers.ts'

/**
 * Call inside `inTurn`, so that no definition changes in the meantime.
 *
 * @param next - the result of the change
 */
export async function checkChange(
  parts: Parts<'configuration' | 'directory' | 'clock'>,
  context: AdminContext,
  change: { readonly collections: readonly Collection[]; readonly next: NextDefinitions },
): Promise<SuiteVerdict> {
  const refusal =
    (await refuseChangeAbove(parts, context, change.next)) ?? (await refuseApprovers(parts, change.next))
  return refusal === undefined ? checkPolicyTests(parts, context, change) : { refusal }
}
