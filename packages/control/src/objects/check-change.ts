// Whether a change of definitions may be made: first by the role of who makes it, then by the policy tests. Every route
// that writes definitions asks here.
import type { Collection } from '@crosswalk/admin-api'

import type { Next } from '../definitions/preview-world.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { checkPolicyTests, type SuiteVerdict } from '../policy-tests/check-policy-tests.ts'
import { refuseChangeAbove } from '../administrators/role-ceiling.ts'

/**
 * Called in turn, so that nothing else is defined meanwhile.
 *
 * @param next - what would be different
 */
export async function checkChange(
  parts: Parts<'configuration' | 'directory' | 'clock'>,
  context: AdminContext,
  change: { readonly collections: readonly Collection[]; readonly next: Next },
): Promise<SuiteVerdict> {
  const refusal = await refuseChangeAbove(parts, context, change.next)
  return refusal === undefined ? checkPolicyTests(parts, context, change) : { refusal }
}
