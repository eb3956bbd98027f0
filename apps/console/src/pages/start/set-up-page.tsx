// The checklist as a page; also the overview while nothing is connected.
import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { SetUpList } from './set-up-list.tsx'

export function Page() {
  return (
    <>
      <PageHeader title={text('nav.setUp')} lead={text('setUp.lead')} />
      <SetUpList />
    </>
  )
}
