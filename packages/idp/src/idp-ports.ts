// The configuration of an identity provider, and what it needs from outside.
import type {
  AlgorithmChoice,
  DocumentFetch,
  IssuerKeys,
  OnDecision,
  OutgoingSecurityEvent,
  Sealing,
  TokenPorts,
} from '@crosswalk/as-core'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import type { SamlIssuerDefinition, SubjectIssuerDefinition } from '@crosswalk/protocol'

import type { DescribedAppsConfig } from './described-apps.ts'
import type { IssuedTokens } from './grants/token-exchange/observe-access-token.ts'
import type { GrantLog, SignInStore, UserLookup } from './ports.ts'
import type { SecurityEventPorts } from './security-events/security-events.ts'
import type { SessionEnd, SignInConfig, SignInPorts } from './sign-in/contract.ts'

export interface IdpConfig extends Omit<SignInConfig, 'cookieKeys' | 'loopback'> {
  readonly signingAlgorithm: AlgorithmChoice
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

/** Ports that sign-in uses unchanged. */
type PortsOfSignIn = Pick<
  SignInPorts,
  | 'adminConsole'
  | 'revokeSession'
  | 'failedSignIns'
  | 'ownAccess'
  | 'passwordHashes'
  | 'secondFactors'
  | 'upstreams'
>

export interface IdpPorts extends TokenPorts, PortsOfSignIn {
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
  readonly signInStore: SignInStore
  /** For the keys of subject issuers in a private network; default: `issuerKeys` */
  readonly privateIssuerKeys?: IssuerKeys | undefined
  /** Access tokens of authorization servers in this program, as subject tokens; if absent, they are not accepted */
  readonly issuedTokens?: IssuedTokens | undefined
  /** For policies that count grants per hour; if absent, only the grants of this process count */
  readonly grantLog?: GrantLog | undefined
  /** For sending revocations to authorization servers; if absent, none are sent */
  readonly securityEvents?: SecurityEventPorts & {
    /** The events to send when a session ends */
    ofSessionEnd(ended: SessionEnd): Promise<readonly OutgoingSecurityEvent[]>
  }
  /** Called with the full record of every decision of the token endpoint */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}
