// The processes of the world and their environment. A secret goes only to the parties that share it; the apps'
// secrets also go to the identity provider, so that an administrator can prove connections without entering them.
import { fileURLToPath } from 'node:url'

import type { Addresses } from './addresses.ts'
import { composeCompany, GATEWAY_VENDOR_FILE, VENDOR_FILE } from './compose-configuration.ts'
import type { Secrets } from './secrets.ts'
import type { Topology } from './topology.ts'

export interface Program {
  readonly name: string
  /** Its display name */
  readonly title: string
  readonly file: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Returns 200 once the program is ready for requests */
  readonly readyUrl: string
}

export interface WorldParts {
  readonly topology: Topology
  readonly addresses: Addresses
  readonly secrets: Secrets
  /** Folder of databases and files */
  readonly folder: string
  /** Variables named `AGENT0_MODEL…`, for the language model, go to Agent0; those named `OTEL_…` go to all programs */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly idTokenTtlSeconds: number
  /** The address of the backstage for Agent0, and its key */
  readonly backstage: { readonly url: string; readonly secret: string }
}

/** Each program sends its spans under its own name, to the same collector as this process. */
export function describePrograms(parts: WorldParts): readonly Program[] {
  const telemetry = pickVariables(parts.environment, 'OTEL_')
  return listPrograms(parts).map((program) => ({
    ...program,
    environment: { ...telemetry, OTEL_SERVICE_NAME: program.name, ...program.environment },
  }))
}

function listPrograms(parts: WorldParts): readonly Program[] {
  switch (parts.topology) {
    case 'vendors':
      return [
        describeIdp(parts),
        describeVendor(parts),
        describeTodo0(parts),
        describeNotes0(parts),
        describeAgent0(parts),
      ]
    case 'single':
      return [describeIdp(parts), describeTodo0(parts), describeNotes0(parts), describeAgent0(parts)]
    case 'gateway':
      return [describeIdp(parts), describeVendor(parts), describeGateway0(parts), describeAgent0(parts)]
  }
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const COMMAND_LINE = here('../../../apps/cli/src/main.ts')
const portOf = (url: string) => new URL(url).port

function describeIdp(parts: WorldParts): Program {
  const { addresses, folder, idTokenTtlSeconds } = parts
  const { passwords, clients } = parts.secrets
  return {
    name: 'company-idp',
    title: "acme's identity provider",
    file: COMMAND_LINE,
    args: ['serve', '--config', composeCompany(parts.topology, folder)],
    readyUrl: `${addresses.idp}/readyz`,
    environment: {
      IDP_URL: addresses.idp,
      IDP_PORT: portOf(addresses.idp),
      VENDOR_URL: addresses.vendor,
      VENDOR_ISSUER: addresses.vendorIssuer,
      TODO0_URL: addresses.todo0,
      NOTES0_URL: addresses.notes0,
      GATEWAY0_URL: addresses.todo0,
      AGENT0_URL: addresses.agent0,
      DATA: folder,
      ID_TOKEN_TTL_SECONDS: String(idTokenTtlSeconds),
      ADMIN_TOKEN: clients.ADMIN_TOKEN,
      // Only if the authorization server of the resources runs in the same process.
      ...(parts.topology === 'single' ? pickVendorSecrets(parts) : {}),
      AGENT0_SECRET: clients.AGENT0_SECRET,
      TODO0_PAGE_SECRET: clients.TODO0_PAGE_SECRET,
      // The secrets of its apps at the vendor, only for connection proofs.
      AGENT0_AT_TODO0_SECRET: clients.AGENT0_AT_TODO0_SECRET,
      TODO0_PAGE_AT_TODO0_SECRET: clients.TODO0_PAGE_AT_TODO0_SECRET,
      ALICE_PASSWORD: passwords.alice,
      BOB_PASSWORD: passwords.bob,
      CAROL_PASSWORD: passwords.carol,
      DAVE_PASSWORD: passwords.dave,
      ADA_PASSWORD: passwords.ada,
    },
  }
}

function describeVendor(parts: WorldParts): Program {
  const { addresses, folder, topology } = parts
  return {
    name: 'todo-vendor',
    title: "the todo vendor's authorization server",
    file: COMMAND_LINE,
    args: ['serve', '--config', topology === 'gateway' ? GATEWAY_VENDOR_FILE : VENDOR_FILE],
    readyUrl: `${addresses.vendor}/readyz`,
    environment: {
      IDP_URL: addresses.idp,
      VENDOR_URL: addresses.vendor,
      VENDOR_PORT: portOf(addresses.vendor),
      TODO0_URL: addresses.todo0,
      NOTES0_URL: addresses.notes0,
      GATEWAY0_URL: addresses.todo0,
      DATA: folder,
      ...pickVendorSecrets(parts),
    },
  }
}

function pickVendorSecrets({ secrets: { clients } }: WorldParts): Readonly<Record<string, string>> {
  return {
    AGENT0_AT_TODO0_SECRET: clients.AGENT0_AT_TODO0_SECRET,
    OTHER_AT_TODO0_SECRET: clients.OTHER_AT_TODO0_SECRET,
    TODO0_PAGE_AT_TODO0_SECRET: clients.TODO0_PAGE_AT_TODO0_SECRET,
    TODO0_API_SECRET: clients.TODO0_API_SECRET,
    NOTES0_API_SECRET: clients.NOTES0_API_SECRET,
    GATEWAY_API_SECRET: clients.GATEWAY_API_SECRET,
  }
}

function describeGateway0({ addresses, secrets: { clients }, folder }: WorldParts): Program {
  return {
    name: 'gateway0',
    title: 'Gateway0',
    file: here('../../gateway0/src/main.ts'),
    args: [],
    readyUrl: `${addresses.todo0}/healthz`,
    environment: {
      GATEWAY0_URL: addresses.todo0,
      GATEWAY_ISSUER: addresses.vendorIssuer,
      GATEWAY_API_SECRET: clients.GATEWAY_API_SECRET,
      TODO0_FILE: `${folder}/todos.json`,
      NOTES0_FILE: `${folder}/notes.json`,
    },
  }
}

function describeTodo0({ addresses, secrets: { clients }, folder }: WorldParts): Program {
  return {
    name: 'todo0',
    title: 'Todo0',
    file: here('../../todo0/src/main.ts'),
    args: [],
    readyUrl: `${addresses.todo0}/healthz`,
    environment: {
      TODO0_URL: addresses.todo0,
      TODO0_FILE: `${folder}/todos.json`,
      IDP_ISSUER: addresses.idp,
      VENDOR_ISSUER: addresses.vendorIssuer,
      TODO0_PAGE_SECRET: clients.TODO0_PAGE_SECRET,
      TODO0_PAGE_AT_TODO0_SECRET: clients.TODO0_PAGE_AT_TODO0_SECRET,
      TODO0_API_SECRET: clients.TODO0_API_SECRET,
    },
  }
}

function describeNotes0({ addresses, secrets: { clients }, folder }: WorldParts): Program {
  return {
    name: 'notes0',
    title: 'Notes0',
    file: here('../../notes0/src/main.ts'),
    args: [],
    readyUrl: `${addresses.notes0}/healthz`,
    environment: {
      NOTES0_URL: addresses.notes0,
      NOTES0_FILE: `${folder}/notes.json`,
      VENDOR_ISSUER: addresses.vendorIssuer,
      NOTES0_API_SECRET: clients.NOTES0_API_SECRET,
    },
  }
}

function describeAgent0(parts: WorldParts): Program {
  const { addresses, environment, backstage } = parts
  const { clients } = parts.secrets
  return {
    name: 'agent0',
    title: 'Agent0',
    file: here('../../agent0/src/main.ts'),
    args: [],
    readyUrl: `${addresses.agent0}/healthz`,
    environment: {
      AGENT0_URL: addresses.agent0,
      IDP_ISSUER: addresses.idp,
      VENDOR_ISSUER: addresses.vendorIssuer,
      TODO0_MCP: `${addresses.todo0}/mcp`,
      NOTES0_MCP: `${addresses.notes0}/mcp`,
      AGENT0_SECRET: clients.AGENT0_SECRET,
      AGENT0_AT_TODO0_SECRET: clients.AGENT0_AT_TODO0_SECRET,
      OTHER_AT_TODO0_SECRET: clients.OTHER_AT_TODO0_SECRET,
      BACKSTAGE_URL: backstage.url,
      BACKSTAGE_SECRET: backstage.secret,
      ...pickVariables(environment, 'AGENT0_MODEL'),
    },
  }
}

function pickVariables(
  environment: WorldParts['environment'],
  prefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [[name, value]] : [],
    ),
  )
}
