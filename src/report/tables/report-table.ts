/** A table of the report, for the page and for Markdown alike. */
export interface ReportTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The first column from which on cells are words, not figures. */
  readonly wordsFrom?: number
}

/** Cell of a figure that does not exist. */
export const none = '–'
