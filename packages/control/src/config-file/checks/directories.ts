// Directories that could provision no users, or that could be mistaken for each other.
import { type FileFinding, valueAt } from '../finding.ts'
import { nameOf, type FileCheck } from './check.ts'

export const checkDirectories: FileCheck = ({ directories, raw }) => {
  const findings: FileFinding[] = []
  const seen = new Map<string, string>()
  for (const entry of directories) {
    const path = [...entry.path, 'token']
    for (const token of [entry.value?.token ?? []].flat()) {
      const other = seen.get(token)
      if (other !== undefined)
        findings.push({
          path,
          what: `${nameOf('directory', entry)} has a token of ${other}`,
          fix: 'give every directory its own token',
        })
      seen.set(token, nameOf('directory', entry))
    }
  }
  const [first] = directories
  if (first !== undefined && valueAt(raw, ['admin']) === undefined)
    findings.push({
      path: first.path,
      what: 'directories change users through the admin API, which is off',
      fix: 'add `admin:` with a token',
    })
  return findings
}
