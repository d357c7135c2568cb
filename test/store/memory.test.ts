import { describeStore } from './contract.ts'
import { memoryStore } from './memory-store.ts'

describeStore('memory', async () => memoryStore())
