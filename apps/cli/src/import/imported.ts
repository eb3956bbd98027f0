// The result of reading another product's export: objects of a configuration document, and what cannot be imported.

export interface ImportedApp {
  readonly id: string
  readonly name: string
  readonly kind: 'web' | 'service'
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly backchannelLogoutUri?: string
  readonly pkce?: 'optional'
  readonly auth: Readonly<Record<string, unknown>> & { readonly method: string }
  readonly active?: false
}

export interface ImportedUser {
  readonly id: string
  readonly username: string
  readonly email?: string
  readonly emailVerified?: true
  readonly name?: string
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  readonly active?: false
}

export interface ImportedGroup {
  readonly id: string
  readonly name?: string
}

/** Part of the export that is not imported, or only partly. */
export interface SkippedPart {
  /** For example `client web` */
  readonly what: string
  readonly reason: string
}

export interface Imported {
  readonly apps: readonly ImportedApp[]
  readonly users: readonly ImportedUser[]
  readonly groups: readonly ImportedGroup[]
  readonly left: readonly SkippedPart[]
}

/** @returns the secret in an environment variable; undefined if it is not set */
export type FindSecret = (variable: string) => string | undefined

/** The variable in which the administrator passes the secret of an app. */
export function nameSecret(app: string): string {
  return `IMPORT_SECRET_${app.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
}

export function merge(parts: readonly Partial<Imported>[]): Imported {
  return {
    apps: parts.flatMap(({ apps = [] }) => apps),
    users: parts.flatMap(({ users = [] }) => users),
    groups: parts.flatMap(({ groups = [] }) => groups),
    left: parts.flatMap(({ left = [] }) => left),
  }
}
