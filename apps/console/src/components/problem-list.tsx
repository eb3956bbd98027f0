// Problems of an object, each with its field and its fix.
import { nameField } from '../api/problem.ts'

interface ProblemListProps {
  readonly problems: readonly {
    /** JSON Pointer */
    readonly path: string
    readonly problem: string
    readonly fix?: string | undefined
  }[]
  /** Default: in words */
  readonly nameOf?: (path: string) => string
}

export function ProblemList({ problems, nameOf = nameField }: ProblemListProps) {
  return (
    <ul className="cw-plain-list">
      {problems.map(({ path, problem, fix }) => (
        <li key={`${path} ${problem}`}>
          <strong>{nameOf(path)}</strong> {problem}
          {fix === undefined ? null : ` · ${fix}`}
        </li>
      ))}
    </ul>
  )
}
