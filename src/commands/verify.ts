import { join } from 'node:path'
import { failsRequirement } from '../claims/required.ts'
import type { ClaimsReport } from '../claims/result.ts'
import { exitCodes } from '../errors.ts'
import { renderClaimsJson } from '../report/claims/json.ts'
import { renderClaimsTerminal } from '../report/claims/terminal.ts'
import { writeClaims } from '../report/claims/write.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'
import { atWorkbench } from './run/workbench.ts'
import { terminal } from './terminal.ts'
import { prepareTrial, type TrialOptions, tryClaims } from './verify/trial.ts'

/** Options of `verify` as the command line gives them. */
export interface VerifyOptions extends TrialOptions {
  readonly json?: boolean
  readonly out?: string
  /** Folder for each chart as an SVG file. */
  readonly svg?: string
}

/** Puts claims on trial, writes the verdicts and prints them. Returns the exit code. */
export async function verify(names: readonly string[], options: VerifyOptions): Promise<number> {
  const prepared = prepareTrial(names, options)
  const out = options.out ?? defaults.out
  refuseUnwritable('--out', out)
  if (options.svg !== undefined) refuseUnwritable('--svg', options.svg)
  return atWorkbench(false, async (workbench) => {
    const report = await tryClaims(prepared, workbench)
    workbench.progress.stop()
    makeFolder(out)
    writeClaims(out, report, options.svg)
    print(report, options.json === true, join(out, 'claims.html'))
    return report.claims.some(failsRequirement) ? exitCodes.failed : exitCodes.done
  })
}

function print(report: ClaimsReport, json: boolean, reportPath: string): void {
  if (json) {
    process.stdout.write(renderClaimsJson(report))
    return
  }
  process.stdout.write(`${renderClaimsTerminal(report, { ...terminal(), reportPath })}\n`)
}
