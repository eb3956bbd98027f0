// Names that only one workspace may use, because access to them must go through its guarded interface.
import ts from 'typescript'

import type { Finding } from '../finding.ts'
import { CONFINED_NAMES, type ConfinedName } from '../layers.ts'
import type { SourceFile, Tree } from '../tree.ts'

export function checkNames(tree: Tree): Finding[] {
  return tree.files
    .filter((file) => file.kind === 'product')
    .flatMap((file) =>
      CONFINED_NAMES.filter(({ outside }) => outside.includes(file.workspace.path)).flatMap((confined) =>
        findUses(file, confined),
      ),
    )
}

function findUses(file: SourceFile, { name, home, why, remedy }: ConfinedName): Finding[] {
  if (!name.test(file.text)) return []
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest)
  const findings: Finding[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && name.test(node.text))
      findings.push({
        file: file.path,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        rule: 'confined-name',
        message: `${node.text} is used outside ${home}`,
        why,
        remedy,
      })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return findings
}
