import type { NamedRun } from './named-run.ts'

/** A file that some service of CI reads. */
export interface CiFormat {
  readonly name: string
  readonly summary: string
  /** Where the format is described. */
  readonly source: string
  /** Names of files, below the folder of the export, with their texts. */
  render(runs: readonly NamedRun[]): readonly (readonly [file: string, text: string])[]
}
