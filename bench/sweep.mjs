// A sweep as a user runs it, loading and report included: ten loads, four arms, 1,500 requests over WEKA's agent traces.
// `npm run build && node bench/sweep.mjs`; the trace is looked for in MEMWALL_TRACES and in ../shared/traces.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/memwall.js', import.meta.url))
const trace = [process.env.MEMWALL_TRACES, fileURLToPath(new URL('../../shared/traces', import.meta.url))]
  .filter((folder) => folder !== undefined)
  .map((folder) => join(folder, 'weka_agentic_traces.jsonl.gz'))
  .find((path) => existsSync(path))

if (trace === undefined) console.log('WEKA trace: neither in MEMWALL_TRACES nor in ../shared/traces')
else {
  const loads = 'sessions-per-replica=1,2,4,6,8,10,12,16,24,32'
  for (const seeds of ['1', '3']) {
    const out = mkdtempSync(join(tmpdir(), 'memwall-bench-'))
    const started = performance.now()
    const run = ['run', '--backend', 'model', '--trace', trace, '--sweep', loads, '--requests', '1500']
    const { status } = spawnSync(process.execPath, [bin, ...run, '--seeds', seeds, '--out', out], { stdio: 'ignore' })
    const seconds = (performance.now() - started) / 1000
    rmSync(out, { recursive: true })
    console.log(
      `WEKA traces, 10 loads × 4 arms × 1,500 requests, seeds ${seeds}: ${seconds.toFixed(1)} s, exit code ${status}`,
    )
  }
}
