// What may be wrong with a configuration: first as a finding at a path, then as a problem at a line.

export type Path = readonly (string | number)[]

/** Something wrong at a place of the data, before it is known which line that is. */
export interface Finding {
  readonly path: Path
  /** `key`: the name itself is wrong (unknown, duplicate); otherwise the value is */
  readonly at?: 'key' | 'value'
  readonly severity?: 'error' | 'warning'
  readonly what: string
  /** What to do about it, as an instruction */
  readonly fix: string
}

/** A finding as it is printed. Errors stop the start, warnings do not. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number
  readonly what: string
  readonly fix: string
}

/** @returns a path as it is spoken of: `idp.connections[0].status` */
export function renderPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}

export function renderProblem({ severity, file, line, what, fix }: Problem): string {
  return `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${what}\n  fix: ${fix}`
}
