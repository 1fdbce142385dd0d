/* The worker that runs lessons: the page's own thread never computes anything. */
import { serve } from '../remote/serve.ts'
import type { Classroom } from './classroom.ts'
import type { News } from './news.ts'
import { Storeroom } from './storeroom.ts'

serve<News>((tell) => {
  const storeroom = new Storeroom(tell)
  let opening: Promise<Classroom> | undefined
  /** TensorFlow.js comes with the first step that is run. */
  const classroom = async (): Promise<Classroom> => {
    const { Classroom } = await import('./classroom.ts')
    return new Classroom(storeroom, tell)
  }
  return async (method, values) => {
    if (Reflect.has(Storeroom.prototype, method)) return invoke(storeroom, method, values)
    opening ??= classroom()
    opening.catch(() => {
      opening = undefined // the connection broke: the next call tries again
    })
    return invoke(await opening, method, values)
  }
})

function invoke(target: object, method: string, values: readonly unknown[]): unknown {
  const work: unknown = Reflect.get(target, method)
  if (typeof work !== 'function') throw new Error(`The worker has no method ${method}.`)
  return Reflect.apply(work, target, values)
}
