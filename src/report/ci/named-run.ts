import type { Figure } from '../../history/figure.ts'
import { figuresOf } from '../figures.ts'
import type { Report } from '../report.ts'
import type { SuiteReport } from '../suite/suite.ts'

/** A run as the formats of CI take it. */
export interface NamedRun {
  readonly experiment: string
  readonly report: Report
  /** What failed it, a line each. */
  readonly problems: readonly string[]
}

/** A report of one run is known by its workload; what failed it can be read from it. */
export function runOfReport(report: Report): NamedRun {
  const { verification, controls } = report
  const failed = controls.filter(({ passed }) => !passed).map(({ name }) => `control failed: ${name}`)
  const differ = (verification?.mismatches ?? 0) > 0 ? [`${verification!.mismatches} answers differ between arms`] : []
  const blind = verification?.mutantDetected === false ? ['a damaged block was not noticed'] : []
  return { experiment: report.setup.workload, report, problems: [...differ, ...blind, ...failed] }
}

export function runsOfSuite({ experiments }: SuiteReport): NamedRun[] {
  return Object.entries(experiments).map(([experiment, { report, problems }]) => ({ experiment, report, problems }))
}

/** A figure's name taken apart: "knee/target/session-affine/8/warehouse/multiplier". */
export interface FigureName {
  readonly metric: string
  /** The arm it is of; empty where it is of the run. */
  readonly arm: string
  /** The plan it is from: knee, sweep or limit; empty where it is the run's own. */
  readonly plan: string
}

export function figureName({ name }: Figure): FigureName {
  const parts = name.split('/')
  return { metric: parts.at(-1)!, arm: parts.at(-2) ?? '', plan: parts.slice(0, -2).join('/') }
}

/** The run's own figures, without those of the loads and parameters that were planned beside it. */
export function ownFigures(report: Report): Figure[] {
  return figuresOf(report).filter((figure) => figureName(figure).plan === '')
}
