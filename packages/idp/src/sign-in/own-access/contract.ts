// What the pages of users' own access need from outside. Everything here is about one signed-in user and reveals
// nothing about others.
import type { EpochMs } from '@crosswalk/protocol'

/** A scope that an app may request, as described in the resource's catalogue. */
export interface OwnScope {
  readonly name: string
  /** For example `Read your todos`; undefined if the catalogue has no description */
  readonly description?: string
}

/** A connection over which an app may act for the user, or could if the user had not stopped it. */
export interface OwnConnection {
  readonly connection: string
  readonly app: {
    readonly name: string
    readonly kind: 'agent' | 'web' | 'service'
    readonly purpose?: string | undefined
    /** Names of its owners */
    readonly owners: readonly string[]
  }
  readonly resourceApp: { readonly name: string }
  /** Scopes it may use now */
  readonly scopes: readonly OwnScope[]
  /** Scopes it may use only after the user signs in again */
  readonly afterSignIn: readonly OwnScope[]
  /** When the connection ends */
  readonly until?: EpochMs | undefined
  /** When the user's own request was approved; undefined if the organisation granted it */
  readonly approvedAt?: EpochMs | undefined
  readonly use?:
    | { readonly firstUsedAt: EpochMs; readonly lastUsedAt: EpochMs; readonly uses: number }
    | undefined
  /** Set if the user stopped it */
  readonly stoppedAt?: EpochMs | undefined
}

/** An occasion on which an app got access for the user. */
export interface OwnActivity {
  readonly decisionId: string
  readonly time: EpochMs
  readonly app: string
  readonly resourceApp: string
  readonly scopes: readonly OwnScope[]
  /** Set if the user reported it as unexpected */
  readonly reportedAt?: EpochMs | undefined
}

export interface OwnComment {
  /** Name of the author; undefined for the user's own */
  readonly by?: string | undefined
  readonly at: EpochMs
  readonly text: string
}

export interface OwnRequest {
  readonly id: string
  readonly app: string
  readonly resourceApp: string
  readonly scopes: readonly OwnScope[]
  readonly reason: string
  /** Days of access that were requested; undefined for no end */
  readonly days: number | undefined
  readonly state: 'open' | 'approved' | 'declined' | 'canceled' | 'expired' | 'ended'
  readonly askedAt: EpochMs
  /** Oldest first: questions of approvers, and the user's answers */
  readonly comments: readonly OwnComment[]
  /** The approver or rule, time and reason */
  readonly decision?:
    | { readonly by: string; readonly at: EpochMs; readonly reason?: string | undefined }
    | undefined
  /** What was approved, if less than requested, and until when */
  readonly granted?:
    | { readonly scopes: readonly OwnScope[]; readonly until?: EpochMs | undefined }
    | undefined
}

export interface OwnPeriod {
  /** Undefined for no end */
  readonly days: number | undefined
  /** Whether a request for it would be approved at once */
  readonly automatic: boolean
}

/** A denial of the user's own, in plain words. */
export interface OwnRefusal {
  readonly decisionId: string
  readonly time: EpochMs
  readonly app: string
  /** Undefined if the requested resource is unknown here */
  readonly resourceApp?: string | undefined
  readonly sentence: string
  /** Names of the app's owners */
  readonly owners: readonly string[]
  /** Scopes that can be requested; empty if a request would not help */
  readonly scopes: readonly OwnScope[]
  /** For how long access can be requested; empty if a request would not help */
  readonly periods: readonly OwnPeriod[]
  /** Whether the same request would be allowed now */
  readonly allowedNow: boolean
  /** The user's own pending request for it */
  readonly openRequest?: { readonly id: string; readonly askedAt: EpochMs } | undefined
}

/** The user's account at a service without ID-JAG. */
export interface OwnAccount {
  readonly resourceApp: string
  readonly name: string
  readonly kind: 'oauth' | 'apiKey'
  /** Undefined while it is not connected */
  readonly storedAt?: EpochMs | undefined
  readonly usedAt?: EpochMs | undefined
}

/** Why nothing changed. */
export type OwnProblem =
  | 'unknown'
  | 'asked-already'
  /** Open requests */
  | 'too-many'
  | 'too-many-today'
  | 'reported-already'
  | 'too-many-reports'
  | 'nothing-to-ask'
  /** An administrator has not stored the client secret for the service. */
  | 'not-set-up'
  | 'not-connected'

/** The origin of the user's request, for the audit log. */
export interface OwnSource {
  readonly headers: Headers
  readonly ip: string | undefined
}

export interface OwnAccess {
  /** What may act for the user now, and what they stopped */
  listConnections(userId: string): Promise<readonly OwnConnection[]>
  /** Newest first */
  listActivity(userId: string): Promise<readonly OwnActivity[]>
  /**
   * Blocks the connection for this user only, and revokes live tokens if possible; active and durable when it resolves.
   */
  stop(userId: string, connection: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** Lifts the user's own stop, never one by others. */
  allowAgain(userId: string, connection: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** Tells the owners of the app, or responders, that the user did not expect this. Stops nothing. */
  report(
    userId: string,
    report: { readonly decisionId: string; readonly text: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  /** Newest first */
  listRequests(userId: string): Promise<readonly OwnRequest[]>
  cancelRequest(userId: string, id: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** Answers the questions of approvers about an open request. */
  answerRequest(
    userId: string,
    answer: { readonly id: string; readonly text: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  /**
   * @returns undefined for decisions about other users and for decisions that are not denials, as if they did not exist
   */
  findRefusal(userId: string, decisionId: string): Promise<OwnRefusal | undefined>
  /** @returns the last decision that denied this app for this user, at the given resource if any */
  findLastRefusal(
    userId: string,
    about: { readonly app: string; readonly resource: string | undefined },
  ): Promise<string | undefined>
  /** Sorted by name: what the user can connect, and what is connected */
  listAccounts(userId: string): Promise<readonly OwnAccount[]>
  /**
   * @param about - `session`: a secret of the browser session, so that no other session can complete the connection
   * @returns where the user authorizes the access
   */
  connect(
    userId: string,
    about: { readonly resourceApp: string; readonly session: string },
  ): Promise<{ readonly url: string } | OwnProblem>
  /** @param returned - `query`: the parameters that the service returned */
  finishConnect(
    userId: string,
    returned: { readonly resourceApp: string; readonly session: string; readonly query: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  storeKey(
    userId: string,
    stored: { readonly resourceApp: string; readonly key: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  /** When this resolves, no app uses the account any longer. */
  disconnect(userId: string, resourceApp: string, source: OwnSource): Promise<OwnProblem | undefined>
  ask(
    userId: string,
    wanted: {
      readonly decisionId: string
      readonly scopes: readonly string[]
      /** Undefined for no end */
      readonly days: number | undefined
      readonly reason: string
    },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
}
