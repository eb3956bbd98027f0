// Findings for build systems: JUnit XML, and SARIF 2.1.0 for code scanning, which shows problems of a configuration file
// at their lines.
import { type Finding, type JunitCase, renderJunit } from '@crosswalk/lab'

import manifest from '../../package.json' with { type: 'json' }
import { renderFinding } from './render-findings.ts'

/** One suite for each checked file, server or connection. */
export function renderDoctorJunit(
  findings: readonly Finding[],
  { strict }: { readonly strict: boolean },
): string {
  const suites = [...Map.groupBy(findings, ({ subject }) => subject)].map(([name, ofSubject]) => ({
    name,
    cases: ofSubject.map((finding) => toCase(finding, strict)),
  }))
  return renderJunit('doctor', suites)
}

/** JUnit has no warnings: they fail with `--strict`, and are skipped without. */
function toCase(finding: Finding, strict: boolean): JunitCase {
  const { id, title, subject, result, what, because } = finding
  const checked = { group: subject, name: `${id} ${title}` }
  if (result === 'pass') return checked
  const fails = result === 'fail' || (strict && result === 'warn')
  const message = what ?? `skipped because of ${because ?? ''}`
  const details = what === undefined ? {} : { details: renderFinding(finding).join('\n') }
  return { ...checked, problem: { kind: fails ? 'failure' : 'skipped', message, ...details } }
}

const LEVELS = { fail: 'error', warn: 'warning', info: 'note' } as const

/** @param file - the configuration file; problems of servers that it names are shown at its first line */
export function renderSarif(findings: readonly Finding[], file: string | undefined): string {
  const problems = findings.flatMap((finding) => {
    const { result } = finding
    return result === 'pass' || result === 'skipped' ? [] : [{ ...finding, level: LEVELS[result] }]
  })
  const rules = new Map(problems.map(({ id, title, why = title }) => [id, { id, why, title }]))
  const run = {
    tool: {
      driver: {
        name: 'crosswalk doctor',
        version: manifest.version,
        rules: [...rules.values()].map(({ id, title, why }) => ({
          id,
          shortDescription: { text: title },
          fullDescription: { text: why },
        })),
      },
    },
    results: problems.map(({ id, level, subject, what = '', fix = '' }) => ({
      ruleId: id,
      level,
      message: { text: `${what.replace(/\.$/, '')}. ${fix}` },
      locations: [locate(subject, file)],
    })),
  }
  const document = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A subject is a URL, a connection, or a line of a file. */
function locate(subject: string, file: string | undefined) {
  const [, path = file, line = '1'] = /^(?!https?:)(.+):(\d+)$/.exec(subject) ?? []
  const named = { logicalLocations: [{ fullyQualifiedName: subject }] }
  if (path === undefined) return named
  return {
    ...named,
    physicalLocation: { artifactLocation: { uri: path }, region: { startLine: Number(line) } },
  }
}
