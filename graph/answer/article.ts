/** "an AWS access key", "a Vault token". */
export function withArticle(noun: string): string {
  return /^([AEIOU]|RDS|SPIFFE|SSH|MCP|HCP|X\.)/.test(noun) && !/^(US|UN|EU)/.test(noun) ? `an ${noun}` : `a ${noun}`
}
