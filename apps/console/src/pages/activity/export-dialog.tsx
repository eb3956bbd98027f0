// Downloads filtered events: one per line in log order, or as an evidence pack. The download is recorded.
import { Button, Modal } from '@mantine/core'
import { ADMIN_API_PATH, readError } from '@crosswalk/admin-api'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'

import { fetchFromConsole } from '../../api/client.ts'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'
import { RadioField } from '../../components/fields.tsx'
import { fileStamp, saveFile } from '../../components/save-file.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'

const NDJSON = 'application/x-ndjson'
const ZIP = 'application/zip'

const FORMATS = ['ndjson', 'ocsf', 'pack'] as const
export type ExportFormat = (typeof FORMATS)[number]

interface ExportProps extends DialogProps {
  readonly query: Readonly<Record<string, string>>
  /** What the query selects, in words */
  readonly filters: string
  /** Selected first */
  readonly first: ExportFormat
}

export function ExportDialog({ opened, close, query, filters, first }: ExportProps) {
  const [format, setFormat] = useState(first)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(undefined)
  async function run(): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    try {
      showDone({ message: await download(query, format) })
      close()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const title = text(first === 'pack' ? 'audit.pack' : 'audit.export')
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <p>{text('audit.exportHelp')}</p>
      <p className="cw-quiet-text">
        {filters === '' ? text('audit.exportAll') : text('audit.exportFiltered', { filters })}
      </p>
      <RadioField
        label={text('audit.format')}
        choices={FORMATS.map((value) => ({
          value,
          label: text(`audit.format.${value}`),
          description: text(`audit.format.${value}Help`),
        }))}
        value={format}
        change={setFormat}
      />
      {problem === undefined ? null : (
        <div className="cw-below">
          <ChangeProblem error={problem} />
        </div>
      )}
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button
          variant="filled"
          loading={busy}
          leftSection={smallIcon(IconDownload)}
          onClick={() => void run()}
        >
          {title}
        </Button>
      </div>
    </Modal>
  )
}

/** @returns what was saved */
async function download(query: Readonly<Record<string, string>>, format: ExportFormat): Promise<string> {
  if (format === 'pack') {
    const pack = await request('/audit-events/pack', query, ZIP)
    // The name that the summary in the pack mentions.
    const [, name] = /filename="([^"]+)"/.exec(pack.headers.get('content-disposition') ?? '') ?? []
    saveFile({ name: name ?? 'crosswalk-evidence.zip', type: ZIP, content: await pack.blob() })
    return text('audit.packed')
  }
  const response = await request('/audit-events', { ...query, format }, NDJSON)
  const content = await response.text()
  saveFile({ name: `crosswalk-audit-${fileStamp()}.ndjson`, type: NDJSON, content })
  const lines = content.split('\n').filter((line) => line !== '').length
  return countText('audit.exportedOne', 'audit.exported', lines)
}

async function request(
  path: string,
  query: Readonly<Record<string, string>>,
  accept: string,
): Promise<Response> {
  const response = await fetchFromConsole(`${ADMIN_API_PATH}${path}?${new URLSearchParams(query)}`, {
    headers: { accept },
  })
  if (!response.ok) throw await readError(response)
  return response
}
