import { failureOf } from '../remote/serve.ts'
import type { Settings } from '../settings.ts'
import { DataShelf, type SignLanguageState } from './data-shelf.ts'
import { type EngineReport, reportEngines } from './engines.ts'
import { memoryTree } from './keeping/file-tree.ts'
import { overflowTree } from './keeping/overflow-tree.ts'
import { privateTree } from './keeping/private-tree.ts'
import { folderOf, type KeptRun, type RunPlace, RunStore } from './keeping/run-store.ts'
import type { News } from './news.ts'
import { runsUnderWay } from './under-way.ts'

/** What this browser offers. */
export interface Machine {
  readonly engines: readonly EngineReport[]
  /** The engine that trains unless another is chosen. */
  readonly automatic: EngineReport | undefined
  readonly isolated: boolean
  /** False where runs are forgotten with the tab. */
  readonly keeps: boolean
  readonly signLanguage: SignLanguageState
}

/** A run, and whether it is in training, in this tab or another. */
export interface ListedRun extends KeptRun {
  readonly isUnderWay: boolean
}

/** The part of the worker that needs no TensorFlow.js: what there is in this browser, and what is kept. */
export class Storeroom {
  readonly parts: Promise<{ readonly store: RunStore; readonly shelf: DataShelf; readonly keeps: boolean }>

  constructor(tell: (news: News) => void) {
    this.parts = open(tell)
  }

  async machine(): Promise<Machine> {
    const { shelf, keeps } = await this.parts
    const [{ engines, automatic }, signLanguage] = await Promise.all([reportEngines(), shelf.signLanguage()])
    return { engines, automatic, signLanguage, keeps, isolated: self.crossOriginIsolated }
  }

  /** Every run that is kept, newest first. One that some tab trains can't be gone on with. */
  async runs(): Promise<ListedRun[]> {
    const { store } = await this.parts
    const training = await runsUnderWay()
    return (await store.list()).map((run) => {
      const isUnderWay = training.has(folderOf(run))
      return { ...run, isUnderWay, resumable: run.resumable && !isUnderWay }
    })
  }

  /** The settings that a run was started with. */
  async settingsOf(place: RunPlace): Promise<Settings> {
    return (await this.parts).store.settings(place)
  }

  async removeRun(place: RunPlace): Promise<void> {
    await (await this.parts).store.remove(place)
  }
}

async function open(tell: (news: News) => void): Promise<{ store: RunStore; shelf: DataShelf; keeps: boolean }> {
  const files = (await privateTree()) ?? memoryTree()
  const roomy = overflowTree(files, (error) => tell({ kind: 'warning', about: 'storage', failure: failureOf(error) }))
  return { store: new RunStore(roomy), shelf: new DataShelf(files, tell), keeps: files.lasts }
}
