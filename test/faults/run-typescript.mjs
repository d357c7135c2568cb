import { register } from 'node:module'

/** `node --import ./run-typescript.mjs file.ts` */
register('./typescript-hooks.mjs', import.meta.url)
