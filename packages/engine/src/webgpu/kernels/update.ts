/* Optimizers, in Keras 3's formulas; the rate comes with Adam's correction already in it. Every weight has its slots a region away. */
import type { GpuUpdate } from '../../ops/gpu-table.ts'
import { float } from './shader.ts'

/** Statements between the gradient `g` and the new weight `w`; `slot1` and so on are indices. */
function formulaOf({ kind, settings }: GpuUpdate): string {
  const setting = (name: string): string => float(settings[name] ?? 0)
  const square = `let s = ${setting('rhof')} * arena[slot1] + ${setting('restf')} * (g * g);
arena[slot1] = s;`
  switch (kind) {
    case 'sgd':
      return 'arena[at] -= run.rate * g;'
    case 'momentum':
    case 'nesterov': {
      const keep = setting('momentumf')
      const step = kind === 'nesterov' ? `${keep} * v - run.rate * g` : 'v'
      return `let v = ${keep} * arena[slot1] - run.rate * g;
arena[slot1] = v;
arena[at] += ${step};`
    }
    case 'adam':
    case 'adamTfjs':
    case 'adamw': {
      const epsilon = kind === 'adamTfjs' ? 'run.plainRate' : setting('epsilonf')
      const decayed = kind === 'adamw' ? `w - w * ${setting('decayf')} * run.plainRate` : 'w'
      return `let w = arena[at];
let m = arena[slot1] + (g - arena[slot1]) * ${setting('rest1f')};
let v = arena[slot2] + (g * g - arena[slot2]) * ${setting('restf')};
arena[slot1] = m;
arena[slot2] = v;
arena[at] = ${decayed} - m * run.rate / (sqrt(v) + ${epsilon});`
    }
    default: {
      const centered = kind.includes('Centered')
      const moves = kind.endsWith('Momentum')
      const mean = `let mean = ${setting('rhof')} * arena[slot2] + ${setting('restf')} * g;
arena[slot2] = mean;
`
      const below = centered ? 's - mean * mean' : 's'
      const divisor = kind.startsWith('rmspropTf2')
        ? `sqrt(${below}) + ${setting('epsilonf')}`
        : `sqrt(${below} + ${setting('epsilonf')})`
      const velocity = centered ? 'slot3' : 'slot2'
      const step = `let step = run.rate * g / (${divisor});`
      const moved = `let v = ${setting('momentumf')} * arena[${velocity}] + step;
arena[${velocity}] = v;
arena[at] -= v;`
      return `${square}\n${centered ? mean : ''}${step}\n${moves ? moved : 'arena[at] -= step;'}`
    }
  }
}

/** The distance in the arena of a weight's stored gradient. */
export function gradientDistance({ regionBytes, slots }: GpuUpdate): number {
  return ((slots + 1) * regionBytes) / 16
}

/** `fn update(at, g)`, or under another name: four weights by their gradient; or adds that to what is stored. */
export function updateText(form: GpuUpdate, name = 'update'): string {
  const { penalty, gradientScale } = form
  const own = gradientScale === 1 ? 'gradient' : `gradient * ${float(1 / gradientScale)}`
  const added = penalty ? ` + ${float(penalty.l1)} * sign(arena[at]) + ${float(2 * penalty.l2)} * arena[at]` : ''
  const given = `${own}${added}` === 'gradient' ? 'g' : 'gradient'
  const punished = given === 'g' ? '' : `  let g = ${own}${added};\n`
  if (form.storesGradients) {
    return `fn ${name}(at: u32, ${given}: vec4f) {
${punished}  arena[at + ${gradientDistance(form)}u] += g;
}`
  }
  const formula = formulaOf(form)
  const slots = [1, 2, 3]
    .filter((slot) => formula.includes(`slot${slot}`))
    .map((slot) => `  let slot${slot} = at + ${(slot * form.regionBytes) / 16}u;\n`)
  return `fn ${name}(at: u32, ${given}: vec4f) {
${punished}${slots.join('')}${formula.replaceAll(/^/gm, '  ')}
}`
}

/** The update of a bias beside its kernel's: a function of its own where penalties differ, else the same. */
export function biasUpdateText(first: GpuUpdate, second: GpuUpdate): { readonly name: string; readonly text: string } {
  return first === second
    ? { name: 'update', text: '' }
    : { name: 'updateBias', text: updateText(second, 'updateBias') }
}
