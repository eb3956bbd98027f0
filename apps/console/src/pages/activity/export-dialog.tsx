// Exports filtered events, one per line, in log order. The export is recorded.
import { Alert, Button, Modal } from '@mantine/core'
import { ADMIN_API_PATH } from '@crosswalk/admin-api'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'

import { fetchFromConsole } from '../../api/client.ts'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'
import { RadioField } from '../../components/fields.tsx'
import { fileStamp, saveFile } from '../../components/save-file.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { smallIcon } from '../../components/small-icon.tsx'

const NDJSON = 'application/x-ndjson'

interface ExportProps extends DialogProps {
  readonly query: Readonly<Record<string, string>>
}

export function ExportDialog({ opened, close, query }: ExportProps) {
  const [format, setFormat] = useState<'ndjson' | 'ocsf'>('ndjson')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  async function run(): Promise<void> {
    setBusy(true)
    setFailed(false)
    try {
      const lines = await download({ ...query, format })
      showDone({ message: countText('audit.exportedOne', 'audit.exported', lines) })
      close()
    } catch {
      setFailed(true)
    } finally {
      setBusy(false)
    }
  }
  const filters = Object.entries(query).map(([name, value]) => `${name}: ${value}`)
  return (
    <Modal opened={opened} onClose={close} title={text('audit.export')}>
      <p>{text('audit.exportHelp')}</p>
      <p className="cw-quiet-text">
        {filters.length === 0
          ? text('audit.exportAll')
          : text('audit.exportFiltered', { filters: filters.join(', ') })}
      </p>
      <RadioField
        label={text('audit.format')}
        choices={(['ndjson', 'ocsf'] as const).map((value) => ({
          value,
          label: text(`audit.format.${value}`),
          description: text(`audit.format.${value}Help`),
        }))}
        value={format}
        change={setFormat}
      />
      {failed ? (
        <Alert
          role="alert"
          mt="md"
          color="red"
          variant="light"
          icon={<IconAlertTriangle size={20} aria-hidden="true" />}
        >
          {text('audit.exportFailed')}
        </Alert>
      ) : null}
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button
          variant="filled"
          loading={busy}
          leftSection={smallIcon(IconDownload)}
          onClick={() => void run()}
        >
          {text('audit.export')}
        </Button>
      </div>
    </Modal>
  )
}

/** @returns the number of exported events */
async function download(query: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetchFromConsole(`${ADMIN_API_PATH}/audit-events?${new URLSearchParams(query)}`, {
    headers: { accept: NDJSON },
  })
  if (!response.ok) throw new Error(`the export failed with status ${response.status}`)
  const content = await response.text()
  saveFile({ name: `crosswalk-audit-${fileStamp()}.ndjson`, type: NDJSON, content })
  return content.split('\n').filter((line) => line !== '').length
}
