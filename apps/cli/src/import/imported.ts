// What an export of another product becomes here: objects of a configuration document, and what cannot be carried over.

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

/** Something of the export that is not carried over, or not whole. */
export interface LeftOut {
  /** For example `client web` */
  readonly what: string
  readonly reason: string
}

export interface Imported {
  readonly apps: readonly ImportedApp[]
  readonly users: readonly ImportedUser[]
  readonly groups: readonly ImportedGroup[]
  readonly left: readonly LeftOut[]
}

/** @returns what stands for the secret of an app; undefined where the administrator gave none */
export type FindSecret = (variable: string) => string | undefined

/** The variable in which an administrator gives the secret that an app has there. */
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
