import { expect, test } from 'vitest'
import { armPhrase, headlineArm, inArmOrder } from '../../src/report/arms.ts'
import { armStyle } from '../../src/report/page/arm-style.ts'
import { reportFixture } from './fixture.ts'
import { onlyArms, withParameters } from './variants.ts'

const names = [
  'infinite-hbm',
  'own',
  'infinite-cache',
  'dram+warehouse',
  'warehouse',
  'local-dram:512GB',
  'local-dram',
  'compact-kv:fp8',
  'more-gpus:2',
  'hbm-only',
]

test('the base name decides the order; variants stay as they were given', () => {
  expect(inArmOrder(names)).toEqual([
    'hbm-only',
    'more-gpus:2',
    'compact-kv:fp8',
    'local-dram:512GB',
    'local-dram',
    'warehouse',
    'dram+warehouse',
    'own',
    'infinite-cache',
    'infinite-hbm',
  ])
})

test('the base name decides the colour; what shares a colour differs in its dash', () => {
  const style = (name: string) => armStyle(name, names)
  expect(style('local-dram').colour).toBe('var(--local-dram)')
  expect(style('local-dram:512GB').colour).toBe('var(--local-dram)')
  expect(style('more-gpus:2').colour).toBe('var(--further-0)')
  expect(style('compact-kv:fp8').colour).toBe('var(--further-1)')
  expect(style('infinite-cache')).toMatchObject({ colour: 'var(--infinite-cache)', dash: '6 4' })
  const looks = names.map((name) => `${style(name).colour} ${style(name).dash}`)
  expect(new Set(looks).size).toBe(names.length)
})

test('the answer is about the warehouse, and never about a ceiling where there is another arm', () => {
  expect(headlineArm(reportFixture(withParameters))).toBe('warehouse')
  expect(headlineArm(reportFixture(onlyArms('hbm-only', 'infinite-cache', 'local-dram')))).toBe('local-dram')
  expect(headlineArm(reportFixture(onlyArms('hbm-only', 'infinite-cache')))).toBe('infinite-cache')
})

test('parameters in words', () => {
  expect(['more-gpus:1.5', 'compact-kv:fp8', 'compact-kv:0.25', 'local-dram:512GB', 'own:3'].map(armPhrase)).toEqual([
    '1.5× the GPUs',
    'KV in fp8',
    'KV of 0.25 of its size',
    'local DRAM of 512GB',
    'own of 3',
  ])
})
