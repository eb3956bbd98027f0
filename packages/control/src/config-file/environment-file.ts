// Variables next to a configuration file: crosswalk.yaml has crosswalk.env, as written by `crosswalk init`. The process
// environment takes precedence. The file holds secrets, so only its owner should be able to read it.
import { statSync } from 'node:fs'
import { basename, extname, join, dirname } from 'node:path'
import { parseEnv } from 'node:util'

import type { Environment } from './expand.ts'
import type { FileProblem } from './finding.ts'
import { readText } from './read-text.ts'

export interface LoadedEnvironment {
  /** The process environment, completed from the file */
  readonly environment: Environment
  readonly problems: readonly FileProblem[]
}

const MAX_BYTES = 256 * 1024
const OTHERS_MAY_READ = 0o044

/** @returns the path of the environment file for a configuration file, whether or not it exists */
export function environmentFileOf(configurationFile: string): string {
  const name = basename(configurationFile, extname(configurationFile))
  return join(dirname(configurationFile), `${name}.env`)
}

/** A missing file is fine; an unreadable one is a problem. */
export function readEnvironmentFile(configurationFile: string, environment: Environment): LoadedEnvironment {
  const file = environmentFileOf(configurationFile)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined || file === configurationFile) return { environment, problems: [] }
  const tell = (severity: FileProblem['severity'], what: string, fix: string): FileProblem[] => [
    { severity, file, line: 1, what, fix },
  ]
  if (stat.size > MAX_BYTES) {
    const problems = tell(
      'error',
      `the file is larger than ${MAX_BYTES} bytes`,
      'keep only NAME=value lines in it',
    )
    return { environment, problems }
  }
  const read = readText(file, 'write NAME=value lines to it, or remove it')
  if ('problem' in read) return { environment, problems: [read.problem] }
  const isOpen = process.platform !== 'win32' && (stat.mode & OTHERS_MAY_READ) !== 0
  return {
    environment: { ...environment, ...withoutSet(parseEnv(read.text), environment) },
    problems: isOpen
      ? tell('warning', 'other users of this machine can read these secrets', `run \`chmod 600 ${file}\``)
      : [],
  }
}

/** NAME or NAME_FILE in the process environment overrides both forms in the file, unless it is empty. */
function withoutSet(kept: Environment, environment: Environment): Environment {
  const isSet = (name: string) => (environment[name] ?? '') !== ''
  return Object.fromEntries(
    Object.entries(kept).filter(([name]) => !isSet(`${name}_FILE`) && !isSet(name.replace(/_FILE$/, ''))),
  )
}
