import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { readPoints } from '../../src/catalog/points.ts'

const script = fileURLToPath(new URL('../../tools/measure_gpu.py', import.meta.url))
const here = mkdtempSync(join(tmpdir(), 'memwall-tools-'))
afterAll(() => rmSync(here, { recursive: true }))

it('the script for measuring a GPU is Python', (context) => {
  const { status, stderr, error } = spawnSync('python3', [
    '-c',
    'import ast, sys; ast.parse(open(sys.argv[1]).read())',
    script,
  ])
  if (error !== undefined) context.skip('python3 is not on this machine')
  expect(stderr.toString()).toBe('')
  expect(status).toBe(0)
})

it('its columns are read as points', () => {
  const [, list] = /columns = \(([^)]*)\)/.exec(readFileSync(script, 'utf8'))!
  const header = [...list!.matchAll(/"(\w+)"/g)].map(([, column]) => column).join(',')
  const path = join(here, 'points.csv')
  writeFileSync(path, `${header}\nprefill,1024,1,0.05,,no\ndecode,1024,4,0.01,,no\nh2d,64,1,0.001,20971520,\n`)
  expect(readPoints(path).map(({ kind }) => kind)).toEqual(['prefill', 'decode', 'h2d'])
})
