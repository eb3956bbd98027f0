// Step 0: finds the parties from their metadata, and checks it like `doctor`.
import {
  resolveParty,
  beginSignIn,
  describeDifference,
  diagnose,
  type Diagnosis,
  type Flow,
  LabError,
  type ServerEvidence,
  type Table,
} from '@crosswalk/lab'

import type { Run } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'

export async function discover({ setup }: Run, { sender, nowMs }: RunContext): Promise<Progress> {
  const { idp, as, resource, scope, call } = setup.settings
  const diagnosis = await diagnose(
    { sender, nowMs },
    {
      idps: [idp.issuer],
      servers: [as.issuer],
      resources: resource !== undefined && /^https?:/.test(resource) ? [resource] : [],
    },
  )
  const checks = diagnosis.findings
  const tables = [tabulateProblems(diagnosis), tabulateTried(diagnosis)]
  try {
    const flow: Flow = {
      sender,
      nowMs,
      idp: resolveParty(idp, evidenceOf(diagnosis.idps)),
      as: resolveParty(as, evidenceOf(diagnosis.servers)),
      resource,
      scope,
      call,
    }
    const attempt = findAttempt(flow, setup)
    return {
      result: { outcome: 'done', told: describeFound(flow, diagnosis), tables, checks },
      learned: { flow, ...(attempt === undefined ? {} : { attempt }) },
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const sentences = [`${error.message}.`, 'No credential was sent. The checks show what to fix.']
    return { result: { outcome: 'refused', told: sentences, tables, checks } }
  }
}

function evidenceOf([evidence]: readonly ServerEvidence[]): ServerEvidence {
  if (evidence === undefined) throw new LabError('network', 'no issuer to query', 'enter an issuer')
  return evidence
}

/** Without an authorization endpoint, an IdP may still exchange a pasted token. */
function findAttempt(flow: Flow, { settings, idToken, redirectUri }: Run['setup']) {
  if (settings.user !== undefined || idToken !== undefined) return undefined
  try {
    return beginSignIn(flow, redirectUri)
  } catch (error) {
    if (error instanceof LabError) return undefined
    throw error
  }
}

function describeFound(
  { idp, as }: Flow,
  { idps, servers, resources, findings }: Diagnosis,
): readonly string[] {
  const wrong = findings.filter(({ result }) => result === 'fail' || result === 'warn').length
  const asked = [...idps, ...servers, ...resources].flatMap(({ tried }) => tried).length
  const named = resources.flatMap(({ metadata }) => [metadata?.authorization_servers ?? []].flat())
  return [
    `${asked} metadata URLs were requested. Tokens are requested at ${idp.tokenEndpoint} and at ${as.tokenEndpoint}.`,
    describeResource(named, as.issuer),
    wrong === 0 ? 'Their metadata has no problems.' : `${wrong} checks found a problem.`,
    'Discovery is optional: an app that knows the endpoints already can skip it.',
  ]
}

function describeResource(named: readonly unknown[], issuer: string): string {
  if (named.length === 0) return 'The metadata of the resource names no authorization server.'
  return named.includes(issuer)
    ? 'The resource names this authorization server as its own.'
    : `The resource names another authorization server: ${named.join(' ')}${describeDifference(issuer, String(named[0]))}.`
}

function tabulateProblems({ findings }: Diagnosis): Table {
  return {
    caption: 'Problems and warnings',
    head: ['check', 'of', 'problem', 'fix'],
    rows: findings
      .filter(({ result }) => result === 'fail' || result === 'warn')
      .map(({ id, subject, what = '', fix = '' }) => [id, subject, { words: what }, { words: fix }]),
  }
}

function tabulateTried({ idps, servers, resources }: Diagnosis): Table {
  const parties = [
    ...idps.map(({ tried, keys }) => ['identity provider', [...tried, keys]] as const),
    ...servers.map(({ tried, keys }) => ['authorization server', [...tried, keys]] as const),
    ...resources.map(({ challenge, tried }) => ['resource', [challenge, ...tried]] as const),
  ]
  return {
    caption: 'All requested URLs',
    head: ['of', 'address', 'result'],
    rows: parties.flatMap(([party, exchanges]) =>
      exchanges.flatMap((exchange) => {
        if (exchange === undefined) return []
        const { request, status, problem, json } = exchange
        const answer =
          problem === undefined ? `${status}${json === undefined ? ', not JSON' : ''}` : problem.reason
        return [[party, request.url, answer]]
      }),
    ),
  }
}
