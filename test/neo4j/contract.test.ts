import { describeStore } from '../store/contract.ts'
import { describeNeo4j, neo4jPlace } from './database.ts'

describeNeo4j('the contract on a real Neo4j', () => describeStore('Neo4j', neo4jPlace))
