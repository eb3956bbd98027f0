// Problems of a configuration: first a finding at a path, then a problem at a line.

export type Path = readonly (string | number)[]

/** A problem at a path in the data, before its line is known. */
export interface FileFinding {
  readonly path: Path
  /** `key`: the name itself is wrong (unknown, duplicate); otherwise the value is */
  readonly at?: 'key' | 'value'
  readonly severity?: 'error' | 'warning'
  /** The path of what already has the name that must be unique */
  readonly clashesWith?: Path
  readonly what: string
  /** What to do about it, as an instruction */
  readonly fix: string
}

/** A finding as it is printed. Errors stop the start, warnings do not. */
export interface FileProblem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number
  readonly what: string
  readonly fix: string
}

/** @returns a path for messages: `idp.connections[0].status` */
export function renderPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}

export function renderProblem({ severity, file, line, what, fix }: FileProblem): string {
  return `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${what}\n  fix: ${fix}`
}

/** @returns the value at a path; undefined if there is none */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    root,
  )
}

/** @returns a part of a JSON Pointer as a part of a path */
export function asIndex(part: string): Path[number] {
  return /^\d+$/.test(part) ? Number(part) : part
}
