// What an identity provider is told, and what it needs of the world around it.
import type {
  AlgorithmChoice,
  DocumentFetch,
  IssuerKeys,
  OnDecision,
  OutgoingSecurityEvent,
  Sealing,
  SharedAttempts,
  TokenPorts,
} from '@crosswalk/as-core'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import type { SamlIssuerDefinition, SubjectIssuerDefinition, UpstreamDefinition } from '@crosswalk/protocol'

import type { DescribedAppsConfig } from './described-apps.ts'
import type { IssuedTokens } from './grants/token-exchange/observe-access-token.ts'
import type { OwnAccess } from './sign-in/own-access/contract.ts'
import type {
  AdminConsole,
  GrantLog,
  PasswordHashes,
  UserLookup,
  SecondFactors,
  SignInStore,
  Upstreams,
} from './ports.ts'
import type { SecurityEventPorts } from './security-events/security-events.ts'
import type { EndedSession } from './sign-in/contract.ts'

export interface IdpConfig {
  readonly issuer: string
  /** Public origin under which the endpoints hang */
  readonly baseUrl: string
  readonly displayName?: string | undefined
  readonly idTokenTtlSeconds: number
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** Identity providers through which users sign in, too; needs the port `upstreams` */
  readonly upstream?: readonly UpstreamDefinition[] | undefined
  /** false: through these alone */
  readonly passwordSignIn?: boolean | undefined
  /** Where sign-ins come back to by which an administrator tries an app out; there are none unless given */
  readonly trialRedirectUri?: string | undefined
  /** 0: no delay */
  readonly failedSignInsBeforeDelay: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
  /** true: every DPoP proof of a token exchange must carry a nonce of ours (RFC 9449 section 8) */
  readonly dpopNonces?: boolean
  /** Who signs assertions that are taken as subject tokens; what else is asked of them is in the snapshot */
  readonly samlIssuers?: readonly Pick<SamlIssuerDefinition, 'entityId' | 'certificates'>[] | undefined
  /** Other identity providers whose ID tokens are subject tokens; needs the port `upstreams` */
  readonly subjectIssuers?: readonly SubjectIssuerDefinition[] | undefined
  /** Apps that describe themselves; needs the port `documentFetch` */
  readonly clientMetadata?: DescribedAppsConfig | undefined
}

export interface IdpPorts extends TokenPorts {
  /** The definitions in force, from memory */
  snapshot(): ExchangeSnapshot
  /** Resolves once this process has what is in force now, keys included; absent where no one else changes anything */
  readonly untilNewest?: (() => Promise<void>) | undefined
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  readonly documentFetch?: DocumentFetch
  /** How sign-in reads keys of apps and tells apps of sign-outs; default: the guard of the provider library */
  readonly webFetch?: typeof globalThis.fetch
  readonly users: UserLookup
  readonly passwordHashes: PasswordHashes
  readonly secondFactors: SecondFactors
  /** Counts failed sign-ins for all processes of one database; without it, each process counts for itself */
  readonly failedSignIns?: SharedAttempts | undefined
  readonly signInStore: SignInStore
  readonly upstreams?: Upstreams | undefined
  /** For the keys of subject issuers in a private network; default: `issuerKeys` */
  readonly privateIssuerKeys?: IssuerKeys | undefined
  /** Access tokens of authorization servers in this program, as subject tokens; without it none is taken */
  readonly issuedTokens?: IssuedTokens | undefined
  /** For the pages on which users see their own access; without it, or while it gives nothing, there are none */
  ownAccess?(): OwnAccess | undefined
  /** The admin console, and who may use it; nothing unless given */
  readonly adminConsole?: AdminConsole | undefined
  /** For policies that count by the hour; without it only what this process granted counts */
  readonly grantLog?: GrantLog | undefined
  /** For telling authorization servers what was revoked; without it no one is told */
  readonly securityEvents?: SecurityEventPorts & {
    /** What they are told when a user signs out */
    ofSessionEnd(userId: string): Promise<readonly OutgoingSecurityEvent[]>
  }
  /** What has to follow once a user ended a session; awaited before they are told */
  afterSessionEnd?(ended: EndedSession): Promise<void>
  /** Told of every decision of the token endpoint with its whole record, granted or not */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}
