// Runs an import: reads the export, skips existing objects, shows the plan and what is not imported, then applies it.
import { parseJson } from '@crosswalk/protocol'
import { statSync } from 'node:fs'

import { type AdminClient, readPages } from '@crosswalk/admin-api'
import { stringify } from 'yaml'
import type { z } from 'zod'

import type { AdminCommand } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { applyMadePlan, planDocument } from '../configuration/apply-plan.ts'
import { renderPlan } from '../configuration/render-plan.ts'
import { EXIT } from '../exit-codes.ts'
import { createTextWriter, writeJson } from '../output.ts'
import { readTextFile } from '../terminal.ts'
import { type FindSecret, type Imported, type SkippedPart, nameSecret } from './imported.ts'
import { importKeycloak, zRealm } from './keycloak.ts'
import { importOkta, zOktaApps } from './okta.ts'

export type Source = 'keycloak' | 'okta'

export interface ImportOptions {
  readonly output: 'text' | 'json'
  readonly dryRun?: true
  readonly print?: true
  readonly yes?: true
  readonly reason?: string
}

const MAX_BYTES = 64 * 1024 * 1024
const MAX_OBJECTS = 100_000

/** @throws CliError if the file is too large, or not an export of this product */
export function readExport(source: Source, file: string, findSecret: FindSecret): Imported {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES)
    throw new CliError(EXIT.usage, `${file} is over 64 MiB`, 'export without users, or in several files')
  const json = parseJson(readTextFile(file))
  if (source === 'keycloak')
    return importKeycloak(parse(zRealm, json, { file, what: 'a Keycloak realm' }), findSecret)
  return importOkta(parse(zOktaApps, json, { file, what: 'a list of Okta apps' }), findSecret)
}

function parse<T>(
  schema: z.ZodType<T>,
  json: unknown,
  { file, what }: { readonly file: string; readonly what: string },
): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (at ${issue.path.join('.')})`
  throw new CliError(EXIT.usage, `${file} is not ${what}${place}`, 'export it as JSON, and use that file')
}

/** Existing objects stay unchanged, whatever the export contains. */
async function skipExisting(client: AdminClient, imported: Imported): Promise<Imported> {
  const [apps, users, groups] = await Promise.all([
    list(client, 'apps'),
    list(client, 'users'),
    list(client, 'groups'),
  ])
  const ids = (items: readonly { readonly id: string }[]) => new Set(items.map(({ id }) => id))
  const names = new Set(users.map(({ username }) => String(username).toLowerCase()))
  const known = { apps: ids(apps), users: ids(users), groups: ids(groups) }
  const left: SkippedPart[] = []
  const isNew = (what: string, isKnown: boolean) => {
    if (isKnown) left.push({ what, reason: 'already defined here; left unchanged' })
    return !isKnown
  }
  return {
    apps: imported.apps.filter(({ id }) => isNew(`app ${id}`, known.apps.has(id))),
    users: imported.users.filter(({ id, username }) =>
      isNew(`user ${username}`, known.users.has(id) || names.has(username.toLowerCase())),
    ),
    groups: imported.groups.filter(({ id }) => isNew(`group ${id}`, known.groups.has(id))),
    left: [...imported.left, ...left],
  }
}

async function list(client: AdminClient, collection: 'apps' | 'users' | 'groups') {
  const read = async (query: object) =>
    (await client.call(`${collection}.list`, { query } as never)).body as unknown as {
      readonly items: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[]
      readonly next: string | null
    }
  return (await readPages(MAX_OBJECTS, read)).items
}

export async function runImport(admin: AdminCommand, read: Imported, options: ImportOptions): Promise<void> {
  const { client, terminal } = admin
  const { apps, users, groups, left } = await skipExisting(client, read)
  const document = { idp: { apps, users, groups } }
  if (options.print === true) {
    const { escapeReferences } = await import('@crosswalk/control')
    terminal.writeErr(renderLeft(left))
    return terminal.writeOut(stringify(hideSecrets(escapeReferences(document))))
  }
  const planned = await planDocument(client, document)
  const { plan } = planned
  const changes = plan.changes.filter(({ action }) => action !== 'extra')
  const show = createTextWriter(terminal, options.output)
  show(renderPlan({ ...plan, changes }))
  show(renderLeft(left))
  const applied = await applyMadePlan(admin, planned, options)
  if (applied) show('✓ imported\n')
  if (options.output === 'json')
    writeJson(terminal, { schema: 'crosswalk.import/v1', applied, plan: { ...plan, changes }, left })
}

function renderLeft(left: readonly SkippedPart[]): string {
  if (left.length === 0) return ''
  const lines = left.map(({ what, reason }) => sanitize(`! ${what}: ${reason}`))
  return `not imported:\n${lines.join('\n')}\n`
}

/** A printed plan contains the variables of secrets, not the secrets. */
function hideSecrets<D extends { readonly idp: Pick<Imported, 'apps' | 'users' | 'groups'> }>({ idp }: D) {
  const apps = idp.apps.map((app) =>
    app.auth['secret'] === undefined
      ? app
      : { ...app, auth: { ...app.auth, secret: `\${${nameSecret(app.id)}}` } },
  )
  return { idp: { ...idp, apps } }
}
