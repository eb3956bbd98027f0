// Checks whether each named server knows the app, with its credentials. They go to the issuers that the user named, and
// never to one that a resource names.
import {
  type Diagnosis,
  DOCTOR_CHECKS,
  type Finding,
  gatherClientDocument,
  type GuardedSender,
  probeClient,
  type IssuerRole,
  runChecks,
} from '@crosswalk/lab'

import { CliError } from '../cli-error.ts'
import { type ProofOptions, readProofs } from '../credentials/read-proofs.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface ClientOptions extends ProofOptions {
  readonly idp?: readonly string[]
  readonly as?: readonly string[]
  readonly clientId?: string
  readonly asClientId?: string
}

interface Context {
  readonly terminal: CommandTerminal
  readonly sender: GuardedSender
}

export async function examineClient(
  { terminal, sender }: Context,
  options: ClientOptions,
  diagnosis: Pick<Diagnosis, 'idps' | 'servers'>,
): Promise<readonly Finding[]> {
  const { clientId, asClientId = clientId } = options
  if (clientId === undefined && asClientId === undefined) return []
  const proofs = readProofs(terminal, options)
  const ids: Readonly<Record<IssuerRole, string | undefined>> = { idp: clientId, as: asClientId }
  const probes = [
    ...(options.idp ?? []).map((issuer) => ({ issuer, role: 'idp', found: diagnosis.idps }) as const),
    ...(options.as ?? []).map((issuer) => ({ issuer, role: 'as', found: diagnosis.servers }) as const),
  ]
  const findings: Finding[] = []
  for (const { issuer, role, found } of probes) {
    const server = found.find((one) => one.issuer === issuer)
    const id = ids[role]
    // Other checks report a server whose metadata is not usable.
    if (id === undefined || server?.metadata?.issuer !== issuer) continue
    const evidence = await probeClient(
      { sender, nowMs: terminal.nowMs },
      {
        server,
        registration: { issuer, clientId: id, auth: proofs[role] },
        audience: options.as?.[0] ?? issuer,
        ...(role === 'as' && clientId !== undefined ? { otherClientId: clientId } : {}),
      },
    )
    findings.push(...runChecks(DOCTOR_CHECKS.client, evidence, { subject: issuer }))
  }
  return [...findings, ...(await examineDocuments(sender, [clientId, asClientId]))]
}

async function examineDocuments(
  sender: GuardedSender,
  clientIds: readonly (string | undefined)[],
): Promise<readonly Finding[]> {
  const distinct = [...new Set(clientIds)].filter((id) => id !== undefined)
  const gathered = await Promise.all(distinct.map((id) => gatherClientDocument(sender, id)))
  return gathered.flatMap((evidence) =>
    evidence === undefined
      ? []
      : runChecks(DOCTOR_CHECKS.clientDocument, evidence, { subject: evidence.url }),
  )
}

/** Secrets belong to one issuer. */
export function checkClientOptions({
  clientId,
  asClientId,
  idp = [],
  as: servers = [],
}: ClientOptions): void {
  if (clientId === undefined && asClientId === undefined) return
  if (idp.length > 1 || servers.length > 1)
    throw new CliError(
      EXIT.usage,
      'the credentials of an app belong to one identity provider and one authorization server',
      'with --client-id, name at most one --idp and one --as',
    )
}
