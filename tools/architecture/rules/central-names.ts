// The name of a central concept is declared once.
import type { Finding } from '../finding.ts'
import { CENTRAL_NAMES } from '../layers.ts'
import type { Tree } from '../tree.ts'

const DECLARED = new RegExp(`^(?:export )?(?:interface|type|class) (${CENTRAL_NAMES.join('|')})\\b`)

export function checkCentralNames(tree: Tree): Finding[] {
  const first = new Map<string, string>()
  const findings: Finding[] = []
  for (const { kind, path, text } of tree.files) {
    if (kind !== 'product') continue
    for (const [index, line] of text.split('\n').entries()) {
      const name = DECLARED.exec(line)?.[1]
      if (name === undefined) continue
      const other = first.get(name)
      if (other === undefined) first.set(name, path)
      else
        findings.push({
          file: path,
          line: index + 1,
          rule: 'central-name',
          message: `${name} is already declared in ${other}`,
          why: 'readers take a central word for the same concept everywhere',
          remedy: 'name what is special about this one, or import the other',
        })
    }
  }
  return findings
}
