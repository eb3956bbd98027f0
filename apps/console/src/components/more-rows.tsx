// Below a small table of a paged list: a button for more rows, if there are any.
import type { PagedList } from '../api/queries.ts'
import { text } from '../texts/text.ts'

interface MoreRowsProps {
  readonly list: Pick<PagedList<unknown>, 'hasMore' | 'showMore'>
}

export function MoreRows({ list: { hasMore, showMore } }: MoreRowsProps) {
  if (!hasMore) return null
  return (
    <div className="cw-table-foot">
      <button type="button" className="cw-link-button" onClick={showMore}>
        {text('table.more')}
      </button>
    </div>
  )
}
