// A module lists what others may use of another one, so that no internal name becomes part of an index by accident.
import type { Finding } from '../finding.ts'
import type { Tree } from '../tree.ts'

export function checkExports(tree: Tree): Finding[] {
  return tree.files
    .filter(({ kind }) => kind === 'product')
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) =>
        /^export (type )?\* from/.test(line)
          ? [
              {
                file: path,
                line: index + 1,
                rule: 'curated-index',
                message: 'everything in a module is exported',
                why: 'each exported name is one that other packages may come to depend on',
                remedy: 'list the names that others need',
              },
            ]
          : [],
      ),
    )
}
