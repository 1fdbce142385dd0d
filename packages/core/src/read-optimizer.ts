import { adam, adamw, type OptimizerConfig, type OptimizerName, rmsprop, sgd } from './job.ts'
import type { JsonFields } from './json-fields.ts'
import { wrongSetting } from './optimizer-ranges.ts'

const names: readonly OptimizerName[] = ['rmsprop', 'sgd', 'adam', 'adamw']

/** An optimizer that was stored as JSON; fields that it doesn't have are left out. @throws what `fields` throws for the first that is wrong */
export function readOptimizer(fields: JsonFields): OptimizerConfig {
  const name = fields.oneOf('name', names)
  const inRange = <Settings extends object>(settings: Settings): Settings => {
    const wrong = wrongSetting(settings)
    return wrong ? fields.refuse(wrong.name, wrong.expected) : settings
  }
  const number = (field: string): number => fields.number(field)
  const shared = {
    learningRate: number('learningRate'),
    ...fields.there(['clipNorm', 'globalClipNorm', 'clipValue', 'accumulationSteps'], number),
  }
  const flags = <Name extends string>(field: Name) => fields.there([field], (each) => fields.flag(each))
  if (name === 'sgd') return sgd(inRange({ ...shared, momentum: number('momentum'), ...flags('nesterov') }))
  const epsilon = number('epsilon')
  if (name === 'rmsprop') {
    const epsilonMode = fields.oneOf('epsilonMode', ['keras3', 'tf2'])
    const more = { ...fields.there(['momentum'], number), ...flags('centered') }
    return rmsprop(inRange({ ...shared, rho: number('rho'), epsilon, epsilonMode, ...more }))
  }
  const moments = inRange({ ...shared, beta1: number('beta1'), beta2: number('beta2'), epsilon })
  if (name === 'adamw') return adamw(inRange({ ...moments, weightDecay: number('weightDecay') }))
  const mode = (field: string): 'keras3' | 'tfjs' => fields.oneOf(field, ['keras3', 'tfjs'])
  return adam({ ...moments, ...fields.there(['epsilonMode'], mode) })
}
