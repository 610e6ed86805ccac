import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { badInput, unknownName } from '../errors.ts'
import { rootUrl } from '../root.ts'
import { type Assumptions, readAssumptions } from './assumptions.ts'
import { type CatalogGpu, type CatalogLink, type CatalogModel, gpuEntry, linkEntry, modelEntry } from './entries.ts'
import { isOwnLink, ownLink } from './own-link.ts'
import { type CatalogFile, readEntries } from './read-entries.ts'

export type { CatalogGpu, CatalogLink, CatalogModel } from './entries.ts'

/** What is known of GPUs, models and links. `where` names the flag in the message about an unknown name. */
export interface Catalog {
  readonly gpus: readonly CatalogGpu[]
  readonly models: readonly CatalogModel[]
  readonly links: readonly CatalogLink[]
  readonly assumptions: Assumptions
  gpu(name: string, where?: string): CatalogGpu
  model(name: string, where?: string): CatalogModel
  /** A name, or a link of one's own such as "40GB/s,0.3ms". */
  link(nameOrSpec: string, where?: string): CatalogLink
}

const own = new Map<string, Catalog>()
const userFiles = ['gpus.yaml', 'models.yaml', 'links.yaml', 'assumptions.yaml'] as const
type UserFile = (typeof userFiles)[number]

/**
 * The catalogue, read once a process. Entries of the user's folder join it, and take the place of those with their name.
 * @param userDir with any of gpus.yaml, models.yaml, links.yaml and assumptions.yaml
 */
export function loadCatalog(userDir?: string): Catalog {
  const key = userDir ?? ''
  const known = own.get(key)
  if (known !== undefined) return known
  const made = userDir === undefined ? packageCatalog() : withUserFiles(loadCatalog(), userDir)
  own.set(key, made)
  return made
}

export const readGpu = (name: string): CatalogGpu => loadCatalog().gpu(name)
export const readModel = (name: string): CatalogModel => loadCatalog().model(name)
export const readLink = (name: string): CatalogLink => loadCatalog().link(name)

function packageCatalog(): Catalog {
  const file = (name: UserFile): CatalogFile => ({
    path: new URL(`catalog/${name}`, rootUrl),
    shown: `catalog/${name}`,
  })
  return catalogOf(
    readEntries(file('gpus.yaml'), gpuEntry),
    readEntries(file('models.yaml'), modelEntry),
    readEntries(file('links.yaml'), linkEntry),
    readAssumptions(file('assumptions.yaml')),
  )
}

function withUserFiles(base: Catalog, userDir: string): Catalog {
  if (!existsSync(userDir) || !statSync(userDir).isDirectory())
    throw badInput('--catalog', `no folder "${userDir}"`, `Give a folder with ${userFiles.join(', ')} or some of them.`)
  const found = userFiles.filter((name) => existsSync(join(userDir, name)))
  if (found.length === 0)
    throw badInput('--catalog', `nothing of a catalogue in "${userDir}"`, `It may have ${userFiles.join(', ')}.`)
  const file = (name: UserFile): CatalogFile => ({ path: join(userDir, name), shown: join(userDir, name) })
  const entries = <T extends z.ZodType<{ readonly name: string }>>(name: UserFile, schema: T): z.output<T>[] =>
    found.includes(name) ? readEntries(file(name), schema) : []
  return catalogOf(
    joined(base.gpus, entries('gpus.yaml', gpuEntry)),
    joined(base.models, entries('models.yaml', modelEntry)),
    joined(base.links, entries('links.yaml', linkEntry)),
    found.includes('assumptions.yaml') ? readAssumptions(file('assumptions.yaml'), base.assumptions) : base.assumptions,
  )
}

function catalogOf(
  gpus: readonly CatalogGpu[],
  models: readonly CatalogModel[],
  links: readonly CatalogLink[],
  assumptions: Assumptions,
): Catalog {
  return {
    gpus,
    models,
    links,
    assumptions,
    gpu: (name, where = '--gpu') => find(gpus, 'GPU', name, where),
    model: (name, where = '--model') => find(models, 'model', name, where),
    link: (spec, where = '--link') => (isOwnLink(spec) ? ownLink(spec, where) : find(links, 'link', spec, where)),
  }
}

function joined<T extends { readonly name: string }>(base: readonly T[], added: readonly T[]): T[] {
  const byName = new Map([...base, ...added].map((entry) => [entry.name, entry]))
  return [...byName.values()]
}

function find<T extends { readonly name: string; readonly aliases?: readonly string[] }>(
  entries: readonly T[],
  kind: string,
  name: string,
  where: string,
): T {
  const entry =
    entries.find((candidate) => candidate.name === name) ??
    entries.find((candidate) => candidate.aliases?.includes(name))
  if (entry !== undefined) return entry
  const known = entries.flatMap((candidate) => [candidate.name, ...(candidate.aliases ?? [])])
  throw unknownName(where, kind, name, known)
}
