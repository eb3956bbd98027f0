// S and O: whether a running Crosswalk is healthy, and whether its access is supervised. Pure.
import type { Recommendation } from '@crosswalk/admin-api'
import { DAY_MS, toCommandLine, withServer } from '@crosswalk/protocol'

import { type DoctorCheck, found, notApplicable, pass, type Verdict } from './finding.ts'
import type { Exchange } from '../http/guarded-sender.ts'
import { findNetworkProblem } from './network-checks.ts'
import { describeExchange } from './describe-exchange.ts'

export interface HealthEvidence {
  readonly health: Exchange
  readonly ready: Exchange
}

export const HEALTH_CHECKS: readonly DoctorCheck<HealthEvidence>[] = [
  {
    id: 'S01',
    title: 'the process is up',
    severity: 'fail',
    why: 'Otherwise no other check is possible.',
    judge: ({ health, ready }) => {
      // Many servers have a /healthz; only Crosswalk has both.
      const missing = health.status !== 200 ? health : ready.status === 404 ? ready : undefined
      if (missing === undefined) return pass()
      const { what, fix } = findNetworkProblem(missing) ?? {
        what: 'There is no Crosswalk here',
        fix: 'Start it with `npx crosswalk serve`, or correct --server. Other servers are checked by --idp, --as and --resource.',
      }
      return found({ what, saw: describeExchange(missing), fix })
    },
  },
  {
    id: 'S02',
    title: 'storage and keys are ready',
    severity: 'fail',
    why: 'Without storage every grant is refused, so that none goes unrecorded.',
    needs: ['S01'],
    judge: ({ ready }) =>
      ready.status === 200
        ? pass()
        : found({
            what: 'The server is up but not ready',
            saw: describeExchange(ready),
            fix: 'See its log: the database is not reachable, or no keys could be loaded.',
          }),
  },
]

export interface OversightEvidence {
  /** The address that reached the server */
  readonly server: string
  readonly nowMs: number
  readonly agentsWithoutOwner: readonly Defined[]
  readonly agents: number
  readonly endlessConnections: readonly Defined[]
  readonly connections: number
  readonly chain: { readonly ok: boolean; readonly events: number; readonly brokenLogs: readonly string[] }
  /** Open recommendations, by their rule */
  readonly advice: ReadonlyMap<AdvisingRule, readonly Advice[]>
  /** The newest request of the last day that failed because keys could not be fetched */
  readonly unreachableKeys: { readonly id: string; readonly at: string; readonly text: string } | undefined
  /** Whether any two of several responses had a signing key in common */
  readonly shareKeys: boolean
  /** Operations of the admin API that only the other side has: `GET /policy-lint` */
  readonly api: { readonly missing: readonly string[]; readonly unknown: readonly string[] }
  /** The stored suites */
  readonly policyTests: number
  readonly failingTests: readonly string[]
  /** Records of the simulated request, if one was requested */
  readonly simulated?: {
    readonly outcome: string
    readonly code: string
    readonly text: string
    readonly fix: string
  }
}

interface Defined {
  readonly id: string
  /** Where it is defined; only the file can change its own objects */
  readonly owner: string
}

/** Recommendations that the doctor repeats: a problem muted in the console is not reported here either. */
export const ADVISING_RULES = [
  'app-key-old',
  'connection-unused',
  'kill-drill-missing',
  'restore-drill-missing',
  'reverse-proxy',
] as const satisfies readonly Recommendation['rule'][]
type AdvisingRule = (typeof ADVISING_RULES)[number]

type Advice = Pick<Recommendation, 'subject' | 'sentence' | 'since' | 'action'>

const MAX_NAMES = 5
/** How long a connection lasts that is created in the console */
const USUAL_DAYS = 90

function describeChange(
  { id, owner }: Defined,
  { member, command, server }: { readonly member: string; readonly command: string; readonly server: string },
): string {
  return owner === 'file'
    ? `Set \`${member}\` of ${id} in the configuration file.`
    : withServer(`${command} --reason "…"`, server)
}

export const OVERSIGHT_CHECKS: readonly DoctorCheck<OversightEvidence>[] = [
  {
    id: 'O01',
    title: 'every agent has an active owner',
    severity: 'warn',
    why: 'If an agent misbehaves, its owner is the one to call.',
    judge: ({ agents, agentsWithoutOwner, server }) => {
      const [first] = agentsWithoutOwner
      if (first === undefined) return pass(`${agents} agents`)
      const command = toCommandLine('app', 'update', first.id, '--owners', 'USER')
      return found({
        what: `${agentsWithoutOwner.length} of ${agents} agents have no active owner`,
        saw: listNames(agentsWithoutOwner.map(({ id }) => id)),
        fix: describeChange(first, { member: 'owners', command, server }),
      })
    },
  },
  {
    id: 'O02',
    title: 'connections have an end date',
    severity: 'info',
    why: 'Access that is never renewed outlives its reason.',
    judge: ({ connections, endlessConnections, server, nowMs }) => {
      const [first] = endlessConnections
      if (first === undefined) return pass(`${connections} connections`)
      const end = new Date(nowMs + USUAL_DAYS * DAY_MS).toISOString()
      const command = toCommandLine('connection', 'update', first.id, '--expires', end)
      return found({
        what: `${endlessConnections.length} of ${connections} active connections have no end`,
        saw: listNames(endlessConnections.map(({ id }) => id)),
        fix: describeChange(first, { member: 'expiresAt', command, server }),
      })
    },
  },
  {
    id: 'O03',
    title: 'the audit chain is intact',
    severity: 'fail',
    why: 'A chain that does not verify has been changed, or lost events.',
    judge: ({ chain, server }) =>
      chain.ok
        ? pass(`${chain.events} events`)
        : found({
            what: 'The audit log does not verify',
            saw: `logs ${chain.brokenLogs.join(' ')}`,
            fix: `See \`${withServer('npx crosswalk audit verify', server)}\`; keep the database as evidence.`,
          }),
  },
  {
    id: 'E05',
    title: 'the command line fits the server',
    severity: 'warn',
    why: 'With another version of the admin API, commands fail or do not show everything.',
    judge: ({ api: { missing, unknown } }) => {
      if (missing.length === 0 && unknown.length === 0) return pass()
      const isOld = missing.length === 0
      return found({
        what: isOld
          ? 'The server is newer than this command line'
          : 'The server is older than this command line',
        saw: isOld ? `only there: ${listNames(unknown)}` : `only here: ${listNames(missing)}`,
        fix: isOld
          ? 'Update the package @crosswalk/cli to the version of the server.'
          : 'Update the server, or use the command line of its version.',
      })
    },
  },
  {
    id: 'O04',
    title: 'all nodes share one database',
    severity: 'fail',
    why: 'Separate nodes would each accept the same ID-JAG once, and revoke only what they issued.',
    judge: ({ shareKeys }) =>
      shareKeys
        ? pass()
        : found({
            what: 'Nodes at this address have different signing keys',
            saw: 'no key in common',
            fix: 'Give all nodes the same PostgreSQL database and master key. After an emergency rotation, try again first.',
          }),
  },
  {
    id: 'O05',
    title: 'a restore has been drilled',
    severity: 'warn',
    why: 'A backup helps only if it can be read, and if the master key that opens it is kept elsewhere.',
    judge: ({ advice, server }) =>
      judgeDrill(
        advice.get('restore-drill-missing'),
        withServer('npx crosswalk restore-drill --from FOLDER', server),
      ),
  },
  {
    id: 'O06',
    title: 'stored policy tests pass',
    severity: 'warn',
    why: 'A stored test no longer passes: users or groups changed, time passed, or a change was saved anyway.',
    judge: ({ policyTests, failingTests, server }) => {
      if (policyTests === 0) return notApplicable
      return failingTests.length === 0
        ? pass(`${policyTests} tests`)
        : found({
            what: `${failingTests.length} of ${policyTests} policy tests fail`,
            saw: listNames(failingTests),
            fix: `See \`${withServer('npx crosswalk policy test', server)}\`, and change the definitions, or the test.`,
          })
    },
  },
  {
    id: 'O07',
    title: 'the kill switch has been drilled',
    severity: 'warn',
    why: 'Only a drill shows how fast access ends.',
    judge: ({ advice, server }) =>
      judgeDrill(
        advice.get('kill-drill-missing'),
        withServer('npx crosswalk kill drill app/APP --yes --reason "…"', server),
      ),
  },
  {
    id: 'O08',
    title: 'connections are in use',
    severity: 'info',
    why: 'Unused access helps only an attacker.',
    judge: ({ advice, server }) =>
      judgeEach(advice.get('connection-unused'), 'connection', ({ subject }) =>
        withServer(`${toCommandLine('connection', 'suspend', subject.id)} --reason "…"`, server),
      ),
  },
  {
    id: 'S03',
    title: 'reverse proxies are declared and name the client',
    severity: 'warn',
    why: "Behind any other proxy, limits, network conditions and events see the proxy's address, or none.",
    judge({ advice }) {
      const [trouble] = advice.get('reverse-proxy') ?? []
      if (trouble === undefined) return pass()
      return found({
        what: trouble.sentence,
        saw: `first at ${trouble.since ?? 'an unknown time'}`,
        fix: trouble.action.text,
      })
    },
  },
  {
    id: 'C05',
    title: 'secrets and keys of apps are younger than a year',
    severity: 'warn',
    why: 'The longer a secret is in use, the more copies of it exist.',
    judge: ({ advice }) =>
      judgeEach(
        advice.get('app-key-old'),
        'app',
        ({ action }) =>
          `Create a second one at ${action.path} of the console, deploy it, then remove the old one.`,
      ),
  },
  {
    id: 'N05',
    title: 'keys of issuers and clients can be fetched',
    severity: 'fail',
    why: 'Without its keys, no ID-JAG of an issuer and no assertion of a client can be verified.',
    judge: ({ unreachableKeys, server }) =>
      unreachableKeys === undefined
        ? pass()
        : found({
            what: unreachableKeys.text,
            saw: `${unreachableKeys.id} at ${unreachableKeys.at}`,
            fix: `Let the server reach that address, and see ${withServer(toCommandLine('explain', unreachableKeys.id), server)}`,
          }),
  },
  {
    id: 'X05',
    title: 'the request would be allowed',
    severity: 'fail',
    why: 'This is what the token endpoint would decide now, by the current rules.',
    judge: ({ simulated }) => {
      if (simulated === undefined) return notApplicable
      return simulated.outcome === 'allow'
        ? pass(simulated.code)
        : found({ what: simulated.text, saw: simulated.code, fix: simulated.fix })
    },
  },
]

function judgeDrill([missing]: readonly Advice[] = [], fix: string): Verdict {
  if (missing === undefined) return pass()
  const saw = missing.since === null ? 'no drill' : `due since ${missing.since}`
  return found({ what: missing.sentence, saw, fix })
}

/** The finding names the first one and its fix; of several, it lists all. */
function judgeEach(all: readonly Advice[] = [], noun: string, buildFix: (first: Advice) => string): Verdict {
  const [first] = all
  if (first === undefined) return pass()
  const saw =
    all.length === 1
      ? `1 ${noun}`
      : `${all.length} ${noun}s: ${listNames(all.map(({ sentence }) => sentence))}`
  return found({ what: first.sentence, saw, fix: buildFix(first) })
}

function listNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
