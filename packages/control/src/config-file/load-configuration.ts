// Parses the text of a configuration file into a configuration, or into all of its problems.
import { basename } from 'node:path'

import { COLLECTION_NAMES, COLLECTIONS } from '@crosswalk/admin-api'

import { CHECKS } from './checks/all.ts'
import { completeIssuers, type Configuration, type Origin, readObjects } from './configuration.ts'
import { describeIssue } from './schema-findings.ts'
import { environmentFileOf, readEnvironmentFile } from './environment-file.ts'
import { expandVariables, type Environment, type VariableProblem } from './expand.ts'
import { zConfigurationFile } from './file-schema.ts'
import type { FileFinding, FileProblem } from './finding.ts'
import { readText } from './read-text.ts'
import { parseSource, type Source } from './source.ts'
import { buildView } from './view.ts'

export interface LoadedConfiguration {
  /** Undefined if any problem is an error */
  readonly configuration: Configuration | undefined
  /** Sorted by line */
  readonly problems: readonly FileProblem[]
  /** The process environment, completed from the environment file */
  readonly environment: Environment
}

/**
 * Reads and validates a configuration file with its environment file. An unreadable file is reported like any other
 * problem.
 */
export function loadConfiguration(file: string, ofProcess: Environment): LoadedConfiguration {
  const read = readText(file, 'name an existing file with --config, or make one with `npx crosswalk init`')
  if ('problem' in read) return { configuration: undefined, problems: [read.problem], environment: ofProcess }
  const { environment, problems } = readEnvironmentFile(file, ofProcess)
  const loaded = parseConfiguration(read.text, file, environment)
  const unusable = problems.some(({ severity }) => severity === 'error')
  return {
    ...loaded,
    problems: [...problems, ...loaded.problems],
    ...(unusable ? { configuration: undefined } : {}),
  }
}

/**
 * @param text - YAML or JSON
 * @param file - the name to report problems under
 */
export function parseConfiguration(
  text: string,
  file: string,
  environment: Environment,
): LoadedConfiguration {
  const source = parseSource(text)
  const problems: FileProblem[] = source.syntaxErrors.map((error) => ({ severity: 'error', file, ...error }))
  if (!source.readable) return { configuration: undefined, problems: sortByLine(problems), environment }

  const unset = expandVariables(source.document, environment, {
    environmentFile: basename(environmentFileOf(file)),
  })
  problems.push(...describeUnset(unset, source, file))
  const unsetNodes = new Set<unknown>(unset.map(({ node }) => node))
  const { findings, configuration } = judge(source)
  for (const finding of findings) {
    // The value of an unset variable is unknown, so suppress other findings about it.
    if (!unsetNodes.has(source.nodeAt(finding.path))) problems.push(toProblem(finding, source, file))
  }
  const failed = problems.some(({ severity }) => severity === 'error')
  return {
    configuration:
      failed || configuration === undefined
        ? undefined
        : { ...configuration, origin: { file, lines: locateObjects(configuration, source) } },
    problems: sortByLine(problems),
    environment,
  }
}

/** One problem for each variable, since setting it once is enough, with all lines that use it. */
function describeUnset(unset: readonly VariableProblem[], source: Source, file: string): FileProblem[] {
  const located = unset.map((problem) => ({ ...problem, line: source.lineAt(problem.node.range?.[0] ?? 0) }))
  const causes = Map.groupBy(located, (problem) => (problem.isUnset ? problem.what : problem))
  return [...causes.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const lines = [...new Set(others.map(({ line }) => line))].filter((line) => line !== first.line)
    const also =
      lines.length === 0 ? '' : ` (also on line${lines.length === 1 ? '' : 's'} ${lines.join(', ')})`
    const { what, fix, line } = first
    return [{ severity: 'error' as const, file, line, what: `${what}${also}`, fix }]
  })
}

/** Keyed by `COLLECTION/ID`, as in other listings of objects. */
function locateObjects(configuration: Configuration, source: Source): Origin['lines'] {
  return Object.fromEntries(
    COLLECTION_NAMES.flatMap((collection) =>
      readObjects(configuration, collection).map(({ id }, index) => [
        `${collection}/${id}`,
        source.lineOf([...COLLECTIONS[collection].path, index]),
      ]),
    ),
  )
}

function judge(source: Source): {
  findings: readonly FileFinding[]
  configuration: Configuration | undefined
} {
  const raw = source.document.toJS() as unknown
  const parsed = zConfigurationFile.safeParse(raw)
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => describeIssue(issue, [], raw))
  const view = buildView(raw, (path) => source.lineOf(path))
  return {
    findings: [...issues, ...CHECKS.flatMap((check) => check(view))],
    configuration: parsed.success ? completeIssuers(parsed.data) : undefined,
  }
}

function toProblem(finding: FileFinding, source: Source, file: string): FileProblem {
  const { path, at, severity = 'error', what, fix } = finding
  return { severity, file, line: source.lineOf(path, at), what, fix }
}

function sortByLine(problems: readonly FileProblem[]): readonly FileProblem[] {
  return problems.toSorted((one, other) => one.line - other.line)
}
