/** Of docs/benchmarks/run.json. */
export const keptRun: string
export function reportFiles(run: unknown): Promise<Map<string, string>>
