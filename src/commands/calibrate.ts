import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { calibrate, writeCalibration } from '../calibration/calibrate.ts'
import { badInput, exitCodes } from '../errors.ts'
import { formatNumber, formatShare } from '../units.ts'
import { openProgress } from './progress/progress.ts'
import { calibratingWords } from './progress/stage.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { calibrateRequest, mockLayout } from './run/run-context.ts'
import { settingsOf } from './run/settings.ts'
import { openThreads } from './run/threads.ts'

/** Measures this machine anew and writes or prints the fitted cost model. */
export async function calibrateCommand(
  options: ExperimentOptions,
  out: string | undefined,
  json: boolean,
): Promise<number> {
  const settings = settingsOf(options)
  if (!settings.backend.measures) {
    throw badInput(
      '--backend',
      '"model" has nothing to measure',
      'Choose a backend that measures: memwall list backends.',
    )
  }
  const layout = mockLayout(settings)
  if (out !== undefined) {
    refuseUnwritable('--out', dirname(resolve(out)))
    if (statSync(out, { throwIfNoEntry: false })?.isDirectory())
      throw badInput('--out', `"${out}" is a folder`, 'Give a file.')
  }
  const threads = openThreads(new AbortController().signal)
  // A warm-up a thread is a sixth of the work already.
  const progress = openProgress(threads.count)
  try {
    process.stderr.write(
      `Measuring ${settings.backend.name} (${settings.backend.variant()}) on ${threads.count} threads …\n`,
    )
    const calibration = await calibrate(
      calibrateRequest(settings, layout, threads.count),
      threads.calibrate,
      ({ done, all, share }) => progress.show(calibratingWords(done, all), share),
    )
    progress.stop()
    if (out !== undefined) {
      makeFolder(dirname(resolve(out)))
      writeCalibration(out, calibration)
    }
    const { costModel } = calibration
    const gflops = (perMs: number): string => `${formatNumber(perMs / 1e6)} GFLOP/s`
    process.stdout.write(
      json
        ? `${JSON.stringify(calibration, undefined, 2)}\n`
        : `${[
            `matrix products   ${gflops(costModel.linearFlopsPerMs)} a thread`,
            `attention         ${gflops(costModel.attentionFlopsPerMs)}`,
            `KV read           ${formatNumber(costModel.kvBytesPerMs / 1e6)} GB/s`,
            `a step            ${formatNumber(costModel.stepOverheadMs * 1000)} µs, and ${formatNumber(costModel.decodeRowMs * 1000)} µs a decoding sequence`,
            `block copy        ${formatNumber(calibration.fetchBytesPerMs / 1e6)} GB/s`,
            `error of the fit  ${formatShare(calibration.fitErrorRelative)} (median over the grid)`,
            ...(out === undefined ? [] : [`written to        ${out}; use it with "memwall run --cost-model ${out}"`]),
          ].join('\n')}\n`,
    )
    return exitCodes.done
  } finally {
    progress.stop()
    await threads.close()
  }
}
