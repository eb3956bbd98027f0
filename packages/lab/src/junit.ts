// Renders results as JUnit XML, for build systems. Callers decide what passed.
export interface JunitCase {
  /** Groups the cases in the display of a build system */
  readonly group: string
  readonly name: string
  /** Absent if it passed */
  readonly problem?: {
    readonly kind: 'failure' | 'error' | 'skipped'
    readonly message: string
    readonly details?: string
  }
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

export function renderJunit(name: string, suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" ${renderCounts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(renderSuite),
    '</testsuites>',
    '',
  ].join('\n')
}

function renderSuite({ name, cases }: JunitSuite): readonly string[] {
  return [
    `  <testsuite name="${escapeXml(name)}" ${renderCounts(cases)}>`,
    ...cases.flatMap(renderCase),
    '  </testsuite>',
  ]
}

function renderCounts(cases: readonly JunitCase[]): string {
  const count = (kind: string) => cases.filter(({ problem }) => problem?.kind === kind).length
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
}

function renderCase({ group, name, problem }: JunitCase): readonly string[] {
  const head = `    <testcase classname="${escapeXml(group)}" name="${escapeXml(name)}"`
  if (problem === undefined) return [`${head}/>`]
  const { kind, message, details } = problem
  const end = details === undefined ? '/>' : `>${escapeXml(details)}</${kind}>`
  return [`${head}>`, `      <${kind} message="${escapeXml(message)}"${end}`, '    </testcase>']
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML 1.0 cannot represent even as entities are replaced. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
