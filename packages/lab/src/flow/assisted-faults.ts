// Faults that need more than the flow itself: another client, another API, an expired token, or an administrator.
import type { AdministratorAct } from './fault-requirements.ts'
import type { Fault } from './fault.ts'
import { claim, scopesOf } from './leg-checks.ts'
import { set } from './corrupt.ts'

/** The fault is the administrator's act; the request is unchanged. */
const act = (name: AdministratorAct) =>
  ({
    leg: 'exchange',
    needs: 'perform',
    act: name,
    change: (draft) => draft,
  }) as const satisfies Partial<Fault>

export const ASSISTED_FAULTS: readonly Fault[] = [
  {
    id: 'scope-denied',
    leg: 'exchange',
    needs: 'deniedScope',
    changes: 'scope requests more than the connection allows',
    gain: 'a scope that no administrator allowed',
    errors: ['invalid_scope', 'access_denied'],
    codes: ['XAA1602'],
    isGained: ({ token }) => scopesOf(claim(token, 'scope')).length > 0,
    change: (draft, { flow }) => set({ scope: flow.means?.deniedScope ?? '' })(draft),
  },
  {
    id: 'id-token-expired',
    leg: 'exchange',
    needs: 'expiredIdToken',
    changes: 'the ID token of the sign-in has expired',
    gain: 'unlimited grants from a token that was stolen once',
    errors: ['invalid_grant'],
    codes: ['XAA1202'],
    change: (draft, { flow }) => set({ subject_token: flow.means?.expiredIdToken ?? '' })(draft),
  },
  {
    id: 'other-client',
    leg: 'redemption',
    needs: 'otherClient',
    changes: 'another client redeems the ID-JAG, with its own valid credentials',
    gain: 'access with a grant that leaked from another app',
    errors: ['invalid_grant'],
    codes: ['XAA2103'],
    change: (draft, { flow }) => ({ ...draft, party: { ...draft.party, ...flow.means?.otherClient } }),
  },
  {
    id: 'other-api',
    leg: 'call',
    needs: 'otherApi',
    changes: 'the access token is sent to another API of the same vendor',
    gain: 'every API of the vendor with a token for one',
    errors: ['invalid_token'],
    codes: ['XAA3002'],
    change: (draft, { flow }) => ({ ...draft, url: flow.means?.otherApi ?? draft.url }),
  },
  {
    id: 'step-up',
    changes: 'the administrator requires a second factor, and the user signed in without one',
    gain: 'access with only a stolen password',
    errors: ['insufficient_user_authentication'],
    codes: ['XAA1801'],
    ...act('demand-step-up'),
  },
  {
    id: 'app-blocked',
    changes: 'the administrator blocks the app while it works',
    gain: 'an agent that cannot be stopped',
    errors: ['access_denied'],
    codes: ['XAA1902'],
    ...act('stop-agent'),
  },
  {
    id: 'user-blocked',
    changes: 'the administrator blocks the user while the app works for them',
    gain: 'access through the agents of a user who left the company',
    errors: ['access_denied'],
    codes: ['XAA1901'],
    ...act('remove-user'),
  },
  {
    id: 'everything-blocked',
    changes: 'the administrator blocks everything while the app works',
    gain: 'access that survives the kill switch',
    errors: ['access_denied'],
    codes: ['XAA1903'],
    ...act('block-everything'),
  },
  {
    id: 'policy-denies',
    changes: 'the administrator adds a policy that denies this app at this resource',
    gain: 'access that no policy can end',
    errors: ['access_denied'],
    codes: ['XAA1701'],
    ...act('deny-by-policy'),
  },
  {
    id: 'connection-suspended',
    changes: 'the administrator suspends the connection while the app works',
    gain: 'access over a connection that is suspended',
    errors: ['access_denied'],
    codes: ['XAA1403'],
    ...act('suspend-connection'),
  },
  {
    id: 'requirement-unmet',
    changes: 'the administrator requires a sign-in that the IdP does not offer',
    gain: 'access that no requirement limits',
    errors: ['access_denied', 'insufficient_user_authentication'],
    codes: ['XAA1702'],
    ...act('require-unknown-sign-in'),
  },
  {
    id: 'policy-undecidable',
    changes: 'the administrator denies users by an attribute that this one lacks',
    gain: 'access whenever a policy lacks the facts to decide',
    errors: ['access_denied'],
    codes: ['XAA1704'],
    ...act('deny-by-missing-attribute'),
  },
  {
    id: 'app-suspended',
    changes: 'the administrator suspends the app while it works',
    gain: 'an app that keeps its access while it is suspended',
    errors: ['access_denied', 'unauthorized_client', 'invalid_client'],
    codes: ['XAA1104'],
    ...act('suspend-app'),
  },
  {
    id: 'user-suspended',
    changes: 'the administrator suspends the user, which ends their sessions',
    gain: 'access for users who left, until their tokens expire',
    errors: ['access_denied', 'invalid_grant'],
    codes: ['XAA1504', 'XAA1205'],
    ...act('suspend-user'),
  },
]
