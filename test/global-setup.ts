import { spawnSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'

/** Workers run from dist: it must be fresh, even with a bare `npx vitest`. */
export default function setup(project: TestProject): void {
  build()
  project.onTestsRerun(build)
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['scripts/setup.mjs'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('build failed')
}
