#!/usr/bin/env node
import { existsSync } from 'node:fs'

// In a checkout the build is brought up to date first; the installed package comes built.
if (existsSync(new URL('../tsconfig.build.json', import.meta.url))) (await import('../scripts/setup.mjs')).setup()
await import('../dist/src/cli.js')
