// Who may use the admin API. Each route of the table names the roles that may call it; no other role may.

/** The one that permits most first. */
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

/** Whether a role permits more than another: users cannot grant, take or edit a role above their own. */
export function isAbove(role: Role, own: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(own)
}

/** Roles that mean some apps only: the token says which. */
export const SCOPED_ROLES: readonly Role[] = ['connection-manager', 'app-owner', 'developer']

/** What a route is about; the roles follow from it, so that they are decided in one place. */
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
  /** Settings and keys of an app; an app owner those of the own apps, never wider access */
  changeApp: ['owner', 'administrator', 'app-owner'],
  changeConnections: ['owner', 'administrator', 'connection-manager'],
  changeRules: ['owner', 'administrator'],
  /** Stopping something; a security responder stops, and never starts again */
  stop: ['owner', 'administrator', 'security-responder'],
  stopConnection: ['owner', 'administrator', 'connection-manager', 'security-responder'],
  resume: ['owner', 'administrator'],
  resumeConnection: ['owner', 'administrator', 'connection-manager'],
  /** Tokens of this API; an administrator never gives more than the own role */
  manageTokens: ['owner', 'administrator'],
  seeTokens: ['owner', 'administrator', 'auditor'],
  /** Decisions, simulation and explanation */
  seeDecisions: ['owner', 'administrator', 'connection-manager', 'security-responder', 'auditor', 'helpdesk'],
  /** What a token says; helpdesk sees decisions without it */
  seeClaims: ['owner', 'administrator', 'connection-manager', 'security-responder', 'auditor'],
  /** Decisions, and the owners of an app: of their own requests, without what the organisation has against them */
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
