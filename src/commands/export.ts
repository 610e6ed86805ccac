import { dirname, join } from 'node:path'
import { badInput, exitCodes } from '../errors.ts'
import type { CiFormat } from '../report/ci/format.ts'
import { ciFormats } from '../report/ci/registry.ts'
import { writeFiles } from '../report/write-files.ts'
import { isFolder, runsIn } from './export/report-file.ts'
import { named } from './run/named.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'

export interface ExportOptions {
  readonly format?: string
  readonly out?: string
}

/** Writes reports in the formats that services of CI read. Returns the exit code. @param paths report.json, suite.json, or folders with one */
export function exportReports(paths: readonly string[], { format, out: given }: ExportOptions): number {
  const formats = formatsNamed(format)
  const first = paths[0] ?? defaults.out
  const out = given ?? join(isFolder(first) ? first : dirname(first), 'ci')
  refuseUnwritable('--out', out)
  const runs = (paths.length === 0 ? [defaults.out] : paths).flatMap(runsIn)
  const names = runs.map(({ experiment }) => experiment)
  const double = names.find((name, i) => names.indexOf(name) !== i)
  if (double !== undefined)
    throw badInput('export', `has two runs of "${double}"`, 'Export them into folders of their own.')
  const files = formats.flatMap((one) => one.render(runs))
  makeFolder(out)
  for (const [name] of files) makeFolder(dirname(join(out, name)))
  for (const [name, text] of files) {
    const path = join(out, name)
    writeFiles(dirname(path), [[path.slice(dirname(path).length + 1), text]])
  }
  process.stdout.write(`${files.map(([name]) => join(out, name)).join('\n')}\n`)
  return exitCodes.done
}

function formatsNamed(text: string | undefined): readonly CiFormat[] {
  if (text === undefined || text === 'all') return ciFormats
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  return names.map((name) => named('--format', 'format', name, ciFormats))
}
