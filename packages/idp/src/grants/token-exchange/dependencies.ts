// The dependencies of the token exchange. Ports do I/O, observers report facts; neither decides.
import type { EventRecorder, GrantPorts, IssuerKeys, Sealing } from '@crosswalk/as-core'

import type { DescribedApps } from '../../described-apps.ts'
import type { SignIn } from '../../sign-in/contract.ts'
import type { GrantVolume } from './grant-volume.ts'
import type { SubjectSources } from './observe-subject.ts'

export interface ExchangeDependencies extends GrantPorts, SubjectSources {
  /** Unregistered apps; absent unless they are allowed */
  readonly describedApps?: Pick<DescribedApps, 'findForExchange'> | undefined
  readonly signIn: Pick<SignIn, 'findSession' | 'findRefreshToken' | 'issueRefreshToken'>
  /** Also finds keys of apps that sign actor tokens */
  readonly issuerKeys: IssuerKeys
  readonly sealing: Sealing
  readonly events: EventRecorder
  /** Used only if a policy counts grants */
  readonly volume: GrantVolume
  /** The page where users request access; undefined if there is none */
  accessPage(): string | undefined
}
