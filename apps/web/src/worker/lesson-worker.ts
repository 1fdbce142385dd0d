/* The worker that runs lessons: the page's own thread never computes anything. */
import { serve } from '../remote/serve.ts'
import type { News } from './news.ts'
import { Storeroom } from './storeroom.ts'

serve<News>((tell) => {
  const storeroom = new Storeroom(tell)
  let opening: Promise<readonly object[]> | undefined
  /** TensorFlow.js comes with the first step that is run. */
  const open = async (): Promise<readonly object[]> => {
    const [{ Classroom }, { ReadingRoom }] = await Promise.all([import('./classroom.ts'), import('./reading-room.ts')])
    return [new Classroom(storeroom, tell), new ReadingRoom(storeroom)]
  }
  return async (method, values) => {
    if (method in storeroom) return invoke(storeroom, method, values)
    opening ??= open()
    const room = (await opening).find((each) => method in each)
    if (room) return invoke(room, method, values)
    throw new Error(`The worker has no method ${method}.`)
  }
})

function invoke(room: object, method: string, values: readonly unknown[]): unknown {
  const work: unknown = Reflect.get(room, method)
  return typeof work === 'function' ? Reflect.apply(work, room, values) : undefined
}
