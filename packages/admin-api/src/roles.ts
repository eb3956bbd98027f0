// The roles of the admin API. Each route of the table names the roles that may call it; all others are denied.

/** The most powerful role first. */
export const ROLES = [
  'owner',
  'administrator',
  'connection-manager',
  'app-owner',
  'reviewer',
  'security-responder',
  'auditor',
  'helpdesk',
  'developer',
] as const
export type Role = (typeof ROLES)[number]

/** Whether a role permits more than another: users cannot grant, take over or edit a role above their own. */
export function isAbove(role: Role, own: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(own)
}

/** Roles that cover only the apps named in the token. */
export const SCOPED_ROLES: readonly Role[] = ['connection-manager', 'app-owner', 'developer']

/** The roles for each kind of route, so that they are decided in one place. */
export const ALLOWED = {
  /** Users and groups */
  seePeople: ['owner', 'administrator', 'connection-manager', 'security-responder', 'auditor', 'helpdesk'],
  /** Apps, resource apps, connections */
  seeAccess: [
    'owner',
    'administrator',
    'connection-manager',
    'app-owner',
    'security-responder',
    'auditor',
    'developer',
  ],
  /** Policies and trust */
  seeRules: ['owner', 'administrator', 'security-responder', 'auditor'],
  changePeople: ['owner', 'administrator'],
  /** Settings and keys of an app; app owners change only those of their own apps, and never widen access */
  changeApp: ['owner', 'administrator', 'app-owner'],
  changeConnections: ['owner', 'administrator', 'connection-manager'],
  changeRules: ['owner', 'administrator'],
  /** Approve, decline, delegate and ask about access requests */
  decideRequests: ['owner', 'administrator', 'connection-manager', 'reviewer'],
  /** Stop something; security responders may stop, but not resume */
  stop: ['owner', 'administrator', 'security-responder'],
  stopConnection: ['owner', 'administrator', 'connection-manager', 'security-responder'],
  resume: ['owner', 'administrator'],
  resumeConnection: ['owner', 'administrator', 'connection-manager'],
  /** Tokens of this API; administrators never give more than their own role */
  manageTokens: ['owner', 'administrator'],
  seeTokens: ['owner', 'administrator', 'auditor'],
  /** Decisions, simulation and explanation */
  seeDecisions: ['owner', 'administrator', 'connection-manager', 'security-responder', 'auditor', 'helpdesk'],
  /** Claims of a token; helpdesk sees decisions without them */
  seeClaims: ['owner', 'administrator', 'connection-manager', 'security-responder', 'auditor'],
  /** Decisions; app owners see those of their own requests, without the reasons internal to the organization */
  explain: [
    'owner',
    'administrator',
    'connection-manager',
    'app-owner',
    'security-responder',
    'auditor',
    'helpdesk',
    'developer',
  ],
  seeAudit: ['owner', 'administrator', 'security-responder', 'auditor'],
  everyone: ROLES,
} as const satisfies Record<string, readonly Role[]>
