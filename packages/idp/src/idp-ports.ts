// The configuration of an identity provider, and what it needs from outside.
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
  /** Public origin of the endpoints */
  readonly baseUrl: string
  readonly displayName?: string | undefined
  readonly idTokenTtlSeconds: number
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** Identity providers through which users can sign in; needs the port `upstreams` */
  readonly upstream?: readonly UpstreamDefinition[] | undefined
  /** false: users sign in only through these */
  readonly passwordSignIn?: boolean | undefined
  /** Redirect URI for sign-ins by which administrators try out an app; if absent, trials are disabled */
  readonly trialRedirectUri?: string | undefined
  /** 0 disables the delay */
  readonly failedSignInsBeforeDelay: number
  /** 0 disables the limit */
  readonly tokenRequestsPerMinutePerClient: number
  /** true: every DPoP proof of a token exchange must contain one of our nonces (RFC 9449 section 8) */
  readonly dpopNonces?: boolean
  /** Issuers of assertions accepted as subject tokens; further requirements are in the snapshot */
  readonly samlIssuers?: readonly Pick<SamlIssuerDefinition, 'entityId' | 'certificates'>[] | undefined
  /** Other identity providers whose ID tokens are accepted as subject tokens; needs the port `upstreams` */
  readonly subjectIssuers?: readonly SubjectIssuerDefinition[] | undefined
  /** Apps that publish their own metadata; needs the port `documentFetch` */
  readonly clientMetadata?: DescribedAppsConfig | undefined
}

export interface IdpPorts extends TokenPorts {
  /** The current definitions, from memory */
  snapshot(): ExchangeSnapshot
  /** Resolves once this process has the current definitions and keys; absent if no other process changes them */
  readonly untilNewest?: (() => Promise<void>) | undefined
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  readonly documentFetch?: DocumentFetch
  /** How sign-in fetches keys of apps and notifies them of sign-outs; default: the guard of the provider library */
  readonly webFetch?: typeof globalThis.fetch
  readonly users: UserLookup
  readonly passwordHashes: PasswordHashes
  readonly secondFactors: SecondFactors
  /** Counts failed sign-ins across all processes of one database; if absent, each process counts its own */
  readonly failedSignIns?: SharedAttempts | undefined
  readonly signInStore: SignInStore
  readonly upstreams?: Upstreams | undefined
  /** For the keys of subject issuers in a private network; default: `issuerKeys` */
  readonly privateIssuerKeys?: IssuerKeys | undefined
  /** Access tokens of authorization servers in this program, as subject tokens; if absent, they are not accepted */
  readonly issuedTokens?: IssuedTokens | undefined
  /**
   * For the pages where users see their own access; without it, or while it returns undefined, there are no such pages
   */
  ownAccess?(): OwnAccess | undefined
  /** The admin console and its allowed users; if absent, there is no console */
  readonly adminConsole?: AdminConsole | undefined
  /** For policies that count grants per hour; if absent, only the grants of this process count */
  readonly grantLog?: GrantLog | undefined
  /** For sending revocations to authorization servers; if absent, none are sent */
  readonly securityEvents?: SecurityEventPorts & {
    /** The events to send when a user signs out */
    ofSessionEnd(userId: string): Promise<readonly OutgoingSecurityEvent[]>
  }
  /** Follow-up actions after a user ended a session; awaited before the user is notified */
  afterSessionEnd?(ended: EndedSession): Promise<void>
  /** Called with the full record of every decision of the token endpoint */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}
