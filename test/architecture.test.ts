import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The ground floor: any folder may import it, and it imports nothing above. */
const ground = ['src', 'src/statistics', 'src/catalog']
/** Folder → folders it may import besides itself and the ground floor. Data flows one way. */
const allowed: Record<string, readonly string[]> = {
  src: [],
  'src/statistics': [],
  'src/catalog': [],
  'src/cache': [],
  'src/workload': [],
  'src/warehouse': ['src/cache'],
  'src/plan': ['src/workload', 'src/cache', 'src/warehouse'],
  'src/gpu': ['src/plan', 'src/warehouse'],
  'src/account': ['src/workload', 'src/plan', 'src/gpu', 'src/warehouse', 'src/cache'],
  'src/calibration': ['src/plan', 'src/gpu', 'src/warehouse'],
  'src/experiment': [
    'src/workload',
    'src/plan',
    'src/gpu',
    'src/account',
    'src/calibration',
    'src/warehouse',
    'src/cache',
  ],
  'src/lab': ['src/workload', 'src/cache'],
  'src/history': ['src/account'],
  'src/claims': ['src/account', 'src/experiment'],
  'src/report': ['src/account', 'src/claims', 'src/lab', 'src/history'],
  workloads: ['src/workload'],
  backends: ['src/gpu', 'src/plan'],
}
/** They wire everything together. */
const compositionRoots = /^src\/(commands\/.*|worker\.ts|cli\.ts|index\.ts)$/

test('imports point only to the folders that the layout allows', () => {
  const wrong = sources(['src', 'workloads', 'backends']).flatMap((file) => {
    if (compositionRoots.test(file)) return []
    const from = roomOf(file)
    const text = readFileSync(join(root, file), 'utf8')
    return [...text.matchAll(/from '(\.[^']+)'/g)]
      .map(([, target]) => relative(root, join(root, dirname(file), target!)))
      .filter((target) => !mayImport(from, target))
      .map((target) => `${file} imports ${target}`)
  })
  expect(wrong).toEqual([])
})

function mayImport(from: string, target: string): boolean {
  const to = roomOf(target)
  return to === from || ground.includes(to) || (allowed[from]?.includes(to) ?? false)
}

/** 'src/plan/router/router.ts' → 'src/plan'; 'src/units.ts' → 'src'. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'src' && !second.endsWith('.ts') ? `src/${second}` : first
}

function sources(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('kernels/'))
      .map((name) => `${folder}/${name}`),
  )
}
