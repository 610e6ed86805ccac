import { expect, test } from 'vitest'
import { assert, badInput, nearest, unknownName } from '../src/errors.ts'

test('an error says where, what and what to do, in one line', () => {
  expect(badInput('--gpus', 'is 0', 'Give at least 1.').message).toBe('--gpus: is 0. Give at least 1.')
})

test('an unknown name lists the known ones and guesses only what is near', () => {
  const known = ['hbm-only', 'warehouse']
  expect(unknownName('--arms', 'arm', 'warehose', known).message).toContain('Did you mean "warehouse"?')
  expect(unknownName('--arms', 'arm', 'zzz', known).message).not.toContain('Did you mean')
  expect(nearest('HBM-only', known)).toBe('hbm-only')
  expect(nearest('foo', ['slo', 'fp8', 'arms'])).toBeUndefined()
  expect([nearest('lur', ['lru']), nearest('b30', ['b300']), nearest('fp4', ['fp8'])]).toEqual(['lru', 'b300', 'fp8'])
})

test('a broken invariant shows its values', () => {
  expect(() => assert(false, 'slots are whole', { slot: 1.5 })).toThrow(
    'invariant broken: slots are whole {"slot":1.5}',
  )
})
