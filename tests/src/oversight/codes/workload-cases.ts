// For each code of a workload as subject a request that ends with it.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { ASSERTION_TYPE, makeClientAssertion } from '../../protocol/support/proofs.ts'
import { NOTES, TODO } from '../../support/company.ts'
import { type Answer, postForm } from '../../support/flow.ts'
import { KEYED, PLANNER } from './definitions.ts'
import type { Stage } from './stage.ts'

async function ask(
  { baseUrl, keys }: Stage,
  clientId: string,
  { resource, other = false }: { readonly resource: string; readonly other?: boolean },
): Promise<Answer> {
  const assert = () => makeClientAssertion({ clientId, audience: baseUrl, key: keys.keyed })
  const assertion = await assert()
  return postForm(`${baseUrl}/token`, {
    grant_type: GRANT_TYPE.tokenExchange,
    requested_token_type: TOKEN_TYPE.idJag,
    audience: `${baseUrl}/as/vendor`,
    resource,
    subject_token: other ? await assert() : assertion,
    subject_token_type: TOKEN_TYPE.jwt,
    client_assertion: assertion,
    client_assertion_type: ASSERTION_TYPE,
  })
}

export const WORKLOAD_CASES: Readonly<Record<string, (stage: Stage) => Promise<Answer>>> = {
  XAA1221: (stage) => ask(stage, KEYED, { resource: TODO, other: true }),
  async XAA1410(stage) {
    const made = await stage.admin('POST', '/connections', {
      body: {
        ...{ id: 'planner-notes0', app: PLANNER, resourceApp: 'notes0', clientId: 'planner-there' },
        ...{ resources: [NOTES], scopes: ['notes.read'], status: 'active', assignments: { everyone: true } },
      },
    })
    if (made.status !== 201) throw new Error(made.text)
    return ask(stage, PLANNER, { resource: NOTES })
  },
}
