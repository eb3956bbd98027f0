// A table with a few rows, all loaded, without sorting, filters or links. On narrow screens each row becomes a card.
import type { ReactNode } from 'react'

/** Hidden ones are for screen readers only */
type Header = string | { readonly hidden: string }

interface SmallTableProps {
  readonly label: string
  /** In cell order */
  readonly headers: readonly Header[]
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[]
  /** Below the rows */
  readonly children?: ReactNode
}

export function SmallTable({ label, headers, rows, children }: SmallTableProps) {
  return (
    <div className="cw-table-frame">
      <table className="cw-table">
        <caption className="cw-hidden">{label}</caption>
        <thead>
          <tr>
            {headers.map((header) =>
              typeof header === 'string' ? (
                <th key={header} scope="col">
                  {header}
                </th>
              ) : (
                <th key={header.hidden} scope="col">
                  <span className="cw-hidden">{header.hidden}</span>
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells }) => (
            <tr key={id}>
              {cells.map((cell, index) => (
                <td key={index} data-label={labelOf(headers[index])}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </div>
  )
}

function labelOf(header: Header | undefined): string {
  return typeof header === 'string' ? header : ''
}
