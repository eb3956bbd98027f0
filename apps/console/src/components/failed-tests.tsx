// Policy tests that a change would break, with the affected request.
import type { OverrideQuestion } from '../api/override.ts'

export function FailedTests({ tests }: { readonly tests: OverrideQuestion['failedTests'] }) {
  return (
    <ul className="cw-plain-list">
      {tests.map(({ suite, test, why }) => (
        <li key={`${suite} ${test}`}>
          <strong>
            {suite}: {test}
          </strong>
          <div>{why}</div>
        </li>
      ))}
    </ul>
  )
}
