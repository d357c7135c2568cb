import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { askedPeer } from './asked.mjs'

const here = import.meta.dirname
const scratch = join('artifacts', 'peers')
const python = join(scratch, 'venv', 'bin', 'python')
const script = (name) => join(here, name)
const node = (name, ...args) => [process.execPath, ['--max-old-space-size=8192', script(name), ...args]]

/**
 * What a user would pick instead: the questions each is asked, and how it starts with the graph of that question. Files
 * that a start needs are made where they are missing, from PyPI, Maven Central or Debian's igraph; a tool that is not
 * there is an error, which is said aloud. `ways` are calls that do the same, each a contender; the graph is held once.
 */
export const peers = {
  graphology: {
    questions: ['outage', 'whole', 'access'],
    start: ({ question, entities, files, estate }) =>
      askedPeer(
        ...(question === 'outage'
          ? node('graphology.mjs', 'outage', estate)
          : node('graphology.mjs', 'reach', entities, edgesOf(files, question))),
      ),
  },
  'Neo4j, Cypher': {
    questions: ['whole', 'access'],
    suffix: (question) => `:${question}`,
    start: ({ database }) => database.open(),
  },
  'Neo4j, client loop over Bolt': {
    questions: ['outage'],
    suffix: (question) => `:${question}`,
    start: ({ database }) => database.open(),
  },
  'igraph in C': {
    questions: ['whole', 'access'],
    ways: { bfs_simple: 'b', subcomponent: 's', neighborhood_size: 'n' },
    start: ({ question, entities, files }) => askedPeer(compiledIgraph(), [String(entities), edgesOf(files, question)]),
  },
  'python-igraph, neighborhood_size': { questions: ['whole', 'access'], start: (one) => byPython('igraph', one) },
  'NetworkX, descendants': { questions: ['whole', 'access'], start: (one) => byPython('networkx', one) },
}

const edgesOf = (files, question) => join(files, `${question}.edges`)

/** One Neo4j for all questions of a size: `{ open, close }`. */
export function databaseOf(size, files) {
  let opened
  const store = join(scratch, 'neo4j', size)
  mkdirSync(join(scratch, 'neo4j'), { recursive: true })
  return {
    open: async () => {
      opened ??= askedPeer(...node('neo4j.mjs', files, store))
      const { version, ask } = await opened
      return { version, ask, stop: async () => {} }
    },
    close: async () => (await opened?.catch(() => null))?.stop(),
  }
}

function byPython(library, { question, entities, files }) {
  if (!existsSync(python)) {
    run('python3', ['-m', 'venv', join(scratch, 'venv')])
    run(python, ['-m', 'pip', 'install', '-q', '-r', script('requirements.txt')])
  }
  return askedPeer(python, [script('reach.py'), library, String(entities), edgesOf(files, question)])
}

/** Compiled here with the compiler's own best; igraph itself is Debian's (libigraph-dev). */
function compiledIgraph() {
  const program = join(scratch, 'igraph')
  if (!existsSync(program)) {
    const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'igraph'], { encoding: 'utf8' }).trim().split(/\s+/)
    run('cc', ['-O3', '-march=native', '-o', program, script('igraph.c'), ...flags])
  }
  return program
}

const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] })
