import { describe, expect, it } from 'vitest'
import { sweepAxis } from '../../../src/commands/run/sweep-axis.ts'

describe('a sweep', () => {
  it.each<[string, string, string[]]>([
    ['sessions-per-replica=1..5', 'sessionsPerReplica', ['1', '2', '3', '4', '5']],
    ['sessions-per-replica=16,2,4', 'sessionsPerReplica', ['2', '4', '16']],
    ['sessions-per-replica = 10, 9 ,9', 'sessionsPerReplica', ['9', '10']],
    ['tp=1..4', 'tp', ['1', '2', '3', '4']],
    ['dram=1TB,64GB', 'dram', ['1TB', '64GB']],
    ['link=40GB/s,0.3ms;weka-amg', 'link', ['40GB/s,0.3ms', 'weka-amg']],
    ['link=40GB/s,0.3ms;', 'link', ['40GB/s,0.3ms']],
    ['policy=lru; hbm=lru,dram=lru', 'policy', ['lru', 'hbm=lru,dram=lru']],
    ['warehouse-capacity=1TB', 'warehouseCapacity', ['1TB']],
    ['cold=true,false', 'cold', ['true', 'false']],
  ])('%s', (text, key, values) => {
    expect(sweepAxis(text)).toEqual({ name: text.split('=')[0]!.trim(), key, values })
  })

  it.each<[string, string, RegExp]>([
    [
      'an unknown name',
      'sesions-per-replica=1,2',
      /^--sweep: cannot sweep "sesions-per-replica"\. Did you mean "sessions-per-replica"\?$/,
    ],
    [
      'a name nothing is like',
      'colour=red',
      /^--sweep: cannot sweep "colour"\. What can be swept: workload, .*, dram, warehouse-capacity\.$/,
    ],
    ['a name in camel case', 'sessionsPerReplica=1,2', /cannot sweep "sessionsPerReplica"/],
    ['what is no property of a plan', 'seeds=1,2', /cannot sweep "seeds"/],
    ['limits that change no plan', 'slo=ttft=1s,tpot=1s', /cannot sweep "slo"/],
    ['no name', '=1,2', /cannot sweep ""/],
    ['no values', 'tp=', /^--sweep: gives "tp" no values\./],
    ['nothing but commas', 'tp=, ,', /gives "tp" no values/],
    ['no equals sign', 'tp', /gives "tp" no values/],
    ['a size without values', 'dram=', /^--sweep: gives "dram" no values\. .* --sweep dram=64GB,256GB,1TB\.$/],
    ['a range that goes down', 'sessions-per-replica=8..2', /^--sweep: the range 8\.\.2 is empty\. Write 2\.\.8\.$/],
    ['too many', 'tp=1..65', /^--sweep: has 65 points, more than 64\. Give fewer\.$/],
    ['a range that no memory holds', 'context=1..99999999999', /has 99999999999 points/],
    ['a list that is too long', `tp=${Array.from({ length: 70 }, (_, i) => i)}`, /has 70 points/],
    ['a load of none', 'sessions-per-replica=0,1', /"0,1" is no list of whole numbers from 1 on/],
    ['half a session', 'sessions-per-replica=1.5', /"1\.5" is no list/],
    ['a load in words', 'sessions-per-replica=few', /"few" is no list/],
  ])('of %s is refused', (_title, text, expected) => {
    expect(() => sweepAxis(text)).toThrow(expected)
  })

  it('of 64 points is not', () => {
    expect(sweepAxis('tp=1..64').values).toHaveLength(64)
  })
})
