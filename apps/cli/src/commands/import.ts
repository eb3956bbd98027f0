// `crosswalk import`: apps, users and groups from another product, as a plan that is shown before it is applied.
// Secrets come from variables that the administrator sets, and are never written anywhere.
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, overrideOption, withAdmin } from '../admin/admin-options.ts'
import type { ImportOptions, Source } from '../import/run-import.ts'
import type { CommandTerminal } from '../terminal.ts'

const SOURCES: Readonly<Record<Source, string>> = {
  keycloak: 'clients, groups and users of a Keycloak realm, from its export as JSON',
  okta: 'OpenID Connect apps of an Okta org, from a response of its Apps API (GET /api/v1/apps)',
}

export function addImportCommands(program: Command, terminal: CommandTerminal): void {
  const group = program
    .command('import')
    .description('import apps, users and groups from an export of another product')
  for (const [source, description] of Object.entries(SOURCES)) {
    const command = group
      .command(source)
      .description(description)
      .argument('<file>', 'the export; the secret of app web-1 is read from IMPORT_SECRET_WEB_1')
      .option('--dry-run', 'show the plan and its problems, and change nothing')
      .option('--print', 'print the plan as a document for `apply`, and change nothing')
      .option('--reason <text>', 'why, for the audit log')
      .option('--yes', 'apply without asking')
      .addOption(overrideOption())
    addAdminOptions(command).action(async (file: string, options: AdminOptions & ImportOptions) => {
      const { readExport, runImport } = await import('../import/run-import.ts')
      const read = readExport(source as Source, file, (variable) => terminal.env[variable])
      await withAdmin(terminal, options, (admin) => runImport(admin, read, options))
    })
  }
}
