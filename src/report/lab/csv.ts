import type { LabReport } from '../../lab/lab-report.ts'

const columns = [
  'policy',
  'capacityBlocks',
  'foresees',
  'anyBlockHits',
  'prefixHits',
  'anyBlockHitRate',
  'prefixHitRate',
  'headroomShare',
  'anyFullBlockHitRate',
  'fullPrefixHitRate',
  'anyTokenHitRate',
  'prefixTokenHitRate',
  'engineTokenHitRate',
  'perConversationHitRate',
  'flopsSavedShare',
] as const

/** A row a policy and size, the same bytes from the same trace; what a trace does not have is empty. RFC 4180. */
export function renderLabCsv({ results }: LabReport): string {
  const rows = results.map((result) => columns.map((column) => quoted(result[column] ?? '')).join(','))
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`
}

function quoted(value: string | number | boolean): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
