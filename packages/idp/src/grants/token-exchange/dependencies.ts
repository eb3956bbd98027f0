// The dependencies of the token exchange. Ports do I/O, observers report facts; neither decides.
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
  /** The current definitions */
  snapshot(): ExchangeSnapshot
  /** Unregistered apps; absent unless they are allowed */
  readonly describedApps?: Pick<DescribedApps, 'findForExchange'> | undefined
  readonly signIn: Pick<SignIn, 'findSession' | 'findRefreshToken' | 'issueRefreshToken'>
  readonly samlIssuers: SamlIssuers
  /** The identity providers through which users sign in here */
  readonly signInProviders: readonly UpstreamDefinition[]
  /** Also finds keys of apps that sign actor tokens */
  readonly issuerKeys: IssuerKeys
  readonly signingKeys: SigningKeys
  /** ID tokens verified before */
  readonly knownIdTokens: KnownJwts
  /** For ID tokens of other identity providers; if absent, only our own are accepted */
  readonly upstreamTokens?: UpstreamTokenSources | undefined
  /** For access tokens as subject tokens; if absent, they are not accepted */
  readonly issuedTokens?: IssuedTokens | undefined
  readonly sealing: Sealing
  readonly users: UserLookup
  readonly events: EventRecorder
  /** Used only if a policy counts grants */
  readonly volume: GrantVolume
  /** The page where users request access; undefined if there is none */
  accessPage(): string | undefined
}
