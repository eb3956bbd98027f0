// What the token exchange is given. Ports do I/O, observers report facts; none of them decides.
import type {
  EventRecorder,
  GrantPorts,
  IssuerKeys,
  KnownJwts,
  Sealing,
  SigningKeys,
} from '@crosswalk/as-core'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import type { UpstreamDefinition } from '@crosswalk/protocol'

import type { DescribedApps } from '../../described-apps.ts'
import type { UserLookup } from '../../ports.ts'
import type { SamlIssuers } from '../../saml/observe-assertion.ts'
import type { SignIn } from '../../sign-in/contract.ts'
import type { UpstreamTokenSources } from '../../upstream-tokens/observe-upstream.ts'
import type { GrantVolume } from './grant-volume.ts'
import type { IssuedTokens } from './observe-access-token.ts'

export interface ExchangeDependencies extends GrantPorts {
  /** The definitions in force */
  snapshot(): ExchangeSnapshot
  /** Apps that no administrator registered; none unless allowed */
  readonly describedApps?: Pick<DescribedApps, 'findForExchange'> | undefined
  readonly signIn: Pick<SignIn, 'findSession' | 'findRefreshToken' | 'issueRefreshToken'>
  readonly samlIssuers: SamlIssuers
  /** The identity providers through which users sign in here */
  readonly signInProviders: readonly UpstreamDefinition[]
  /** Also for the keys of apps that sign actor tokens */
  readonly issuerKeys: IssuerKeys
  readonly signingKeys: SigningKeys
  /** ID tokens that were exchanged before */
  readonly knownIdTokens: KnownJwts
  /** For ID tokens of other identity providers; without it only our own are taken */
  readonly upstreamTokens?: UpstreamTokenSources | undefined
  /** For access tokens as subject tokens; without it none is taken */
  readonly issuedTokens?: IssuedTokens | undefined
  readonly sealing: Sealing
  readonly users: UserLookup
  readonly events: EventRecorder
  /** Asked only where a policy counts */
  readonly volume: GrantVolume
  /** Page on which users ask for access; undefined where there is none */
  accessPage(): string | undefined
}
