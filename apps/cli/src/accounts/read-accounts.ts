// Reads accounts to import from a file: NDJSON (one JSON object per line), or CSV with a header line.
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

type Row = Readonly<Record<string, unknown>>

/** @throws CliError that names the invalid line */
export function readAccounts(text: string): readonly Row[] {
  const clean = text.replace(/^\uFEFF/, '')
  return clean.trimStart().startsWith('{') ? readLines(clean) : readCsv(clean)
}

function readLines(text: string): readonly Row[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      const row: unknown = JSON.parse(line)
      if (typeof row === 'object' && row !== null && !Array.isArray(row)) return [row as Row]
    } catch {
      // Reported below, with the line.
    }
    throw refuse(index + 1, 'is not a JSON object')
  })
}

function readCsv(text: string): readonly Row[] {
  const [header, ...rows] = splitCsv(text)
  if (header === undefined) return []
  return rows.map(({ line, cells }) => {
    if (cells.length !== header.cells.length)
      throw refuse(line, `has ${cells.length} cells, but the header has ${header.cells.length}`)
    const members = header.cells.flatMap((name, index): [string, unknown][] => {
      const cell = cells[index] ?? ''
      return cell === '' ? [] : [[name.trim(), name.trim() === 'emailVerified' ? cell === 'true' : cell]]
    })
    return Object.fromEntries(members)
  })
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

/** RFC 4180: quoted cells may contain commas, line breaks and doubled quotes. */
function splitCsv(text: string): readonly Line[] {
  const lines: Line[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  for (CELL.lastIndex = 0; CELL.lastIndex < text.length;) {
    const match = CELL.exec(text)
    if (match === null) throw refuse(line, 'has a quote in the wrong place')
    const [all, quoted, plain = '', end = ''] = match
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    line += all.split('\n').length - 1
    if (end === ',' && CELL.lastIndex < text.length) continue
    if (end === ',') cells.push('')
    if (cells.length > 1 || cells[0] !== '') lines.push({ line: start, cells })
    cells = []
    start = line
  }
  return lines
}

function refuse(line: number, problem: string): CliError {
  return new CliError(
    EXIT.usage,
    `line ${line} ${problem}`,
    'write CSV with a header line, or one JSON object per line',
  )
}
