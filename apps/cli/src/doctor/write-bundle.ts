// `doctor --bundle`: a file for a support ticket, with the findings and the public documents behind them. Its content is
// listed first, and redacted like a trace.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'

import {
  createTraceRedactor,
  type Diagnosis,
  type Exchange,
  type Finding,
  hideUserInfo,
  redactRequest,
  redactResponse,
} from '@crosswalk/lab'

import manifest from '../../package.json' with { type: 'json' }
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface Content {
  readonly findings: readonly Finding[]
  readonly diagnosis: Diagnosis
}

const SECRETS = ['CROSSWALK_ADMIN_TOKEN', 'CROSSWALK_IDP_SECRET', 'CROSSWALK_AS_SECRET']

/** @throws CliError if the file exists or cannot be written */
export async function writeBundle(terminal: CommandTerminal, file: string, content: Content): Promise<void> {
  const responses = listResponses(content.diagnosis)
  terminal.writeErr(`${describeContent(file, content.findings, responses).map(sanitize).join('\n')}\n`)
  const answer = (await terminal.ask?.('Write it? [y/N] ')) ?? 'y'
  if (!/^y(es)?$/i.test(answer.trim())) return terminal.writeErr('nothing was written\n')
  const redact = createTraceRedactor({
    salt: randomBytes(16).toString('hex'),
    secrets: SECRETS.map((name) => terminal.env[name] ?? ''),
  })
  const document = {
    schema: 'crosswalk.support/v1',
    createdAt: new Date(terminal.nowMs()).toISOString(),
    versions: { crosswalk: manifest.version, node: process.version, platform: process.platform },
    findings: content.findings,
    responses: responses.map(toShown),
  }
  writeNew(file, `${JSON.stringify(redact(document), null, 2)}\n`)
}

function listResponses({ idps, servers, resources }: Diagnosis): readonly Exchange[] {
  const ofServers = [...idps, ...servers].flatMap(({ tried, keys }) => [...tried, keys])
  const ofResources = resources.flatMap(({ challenge, tried }) => [challenge, ...tried])
  return [...ofServers, ...ofResources].filter((exchange) => exchange !== undefined)
}

function describeContent(
  file: string,
  findings: readonly Finding[],
  responses: readonly Exchange[],
): readonly string[] {
  return [
    `${file} will contain:`,
    `  ${count(findings.length, 'finding')}, passed ones included`,
    `  ${count(responses.length, 'response')} to requests without credentials:`,
    ...responses.map(
      ({ request: { method, url }, status }) => `    ${method} ${hideUserInfo(url)} → ${status ?? 'none'}`,
    ),
    '  the versions of Crosswalk and Node.js, and the platform',
    'Tokens and secrets are removed, e-mail addresses replaced. Names and server addresses stay.',
  ]
}

function toShown(exchange: Exchange) {
  const { headers, ms, problem } = exchange
  const { date, 'cache-control': cacheControl } = headers
  return {
    request: redactRequest(exchange.request),
    response: redactResponse(exchange),
    ms: Math.round(ms),
    ...{ date, cacheControl, problem },
  }
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const exit = code === 'EEXIST' ? EXIT.conflict : EXIT.failure
    throw new CliError(exit, `${file} cannot be written (${code})`, 'choose a new file in a writable folder')
  }
}
