// The entire contents of a database as text, as a thief would have it.
import { existsSync, readFileSync } from 'node:fs'

import pg from 'pg'

/** @returns the bytes of the files, or of all rows of all tables, as Latin-1 so that no byte is lost */
export async function readEverything(url: string): Promise<string> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (path === undefined) return readAllRows(url)
  const files = ['', '-wal', '-shm', '-journal']
    .map((end) => `${path}${end}`)
    .filter((file) => existsSync(file))
  return files.map((file) => readFileSync(file, 'latin1')).join('\n')
}

async function readAllRows(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    )
    const texts: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} as t`)
      texts.push(...rows.map(({ row }) => row))
    }
    return texts.join('\n')
  } finally {
    await client.end()
  }
}
