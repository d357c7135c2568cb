import { keys } from './keys.mjs'

/**
 * Fernwhistle Goods, a company that does not exist: sells garden chairs in nine countries. Roles and teams, no people.
 */
export const accounts = {
  production: '111122223333',
  data: '444455556666',
}
export const cluster = 'prod-eu'
/** The host in the stores' `server`. An audit log does not say whose it is: `vault` is what importers then assume. */
export const vault = 'vault'
export const vaultUrl = `https://${vault}:8200`
export const organization = 'fernwhistle-example'
export const oidcHost = 'oidc.eks.eu-north-1.amazonaws.com/id/EXAMPLEPRODEU'

/** Documentation ranges (RFC 5737) outside, RFC 1918 inside. */
export const addresses = {
  clusterEgress: '192.0.2.20',
  officeEgress: '192.0.2.130',
  unknownHost: '203.0.113.7',
  unknownScript: '203.0.113.88',
  vendorRange: '198.51.100.44',
  vendorEdi: '198.51.100.61',
  ciRunners: '2001:db8:c1::5',
}

/** `[name, lead]`: who answers for the team's work is a role. */
export const teams = [
  ['Pay Core', 'Payments engineering lead'],
  ['Storefront', 'Storefront engineering lead'],
  ['Risk ML', 'Risk modelling lead'],
  ['FinOps', 'FinOps lead'],
  ['Data Platform', 'Data platform lead'],
  ['Developer Experience', 'Build and release lead'],
  ['Apps', 'Mobile lead'],
  ['Site Reliability', 'Site reliability lead'],
  ['Revenue Operations', 'Revenue systems lead'],
  ['Customer Experience', 'Support tooling lead'],
  ['Identity', 'Identity and access lead'],
  ['Logistics', 'Logistics systems lead'],
]

/** A team that was dissolved: things still say it owns them. */
export const dissolvedTeam = 'Loyalty'

/** Business systems: `owner` is accountable for the business, `team` runs it; either may be unknown. */
export const systems = [
  { name: 'Payments', tier: 1, criticality: 'mission critical', team: 'Pay Core', owner: 'Head of Payments' },
  { name: 'Checkout', tier: 1, criticality: 'mission critical', team: 'Storefront', owner: 'Head of Storefront' },
  { name: 'Fraud scoring', tier: 1, criticality: 'mission critical', team: 'Risk ML', owner: 'Head of Risk' },
  { name: 'Sign-in', tier: 1, criticality: 'mission critical', team: 'Identity', owner: 'Head of Security' },
  { name: 'Billing export', tier: 2, criticality: 'business critical', team: 'FinOps', owner: 'Finance Controller' },
  { name: 'Data warehouse', tier: 2, criticality: 'business critical', team: 'Data Platform', owner: 'Head of Data' },
  {
    name: 'CI and release',
    tier: 2,
    criticality: 'business critical',
    team: 'Developer Experience',
    owner: 'Head of Engineering',
  },
  { name: 'Mobile API', tier: 2, criticality: 'business critical', team: 'Apps', owner: 'Head of Apps' },
  { name: 'Backups', tier: 2, criticality: 'business critical', team: 'Site Reliability', owner: 'Head of Operations' },
  { name: 'Orders', tier: 1, criticality: 'mission critical', team: 'Storefront', owner: 'Head of Storefront' },
  { name: 'Search', tier: 2, criticality: 'business critical', team: 'Storefront', owner: 'Head of Storefront' },
  { name: 'CRM sync', tier: 3, criticality: 'important', team: 'Revenue Operations', owner: 'Head of Sales' },
  {
    name: 'Support AI agent',
    tier: 3,
    criticality: 'important',
    team: 'Customer Experience',
    owner: 'Head of Support',
  },
  { name: 'Vendor EDI', tier: 3, criticality: 'important', team: 'Logistics', owner: undefined },
  { name: 'Reporting', tier: 3, criticality: 'important', team: 'Data Platform', owner: 'Head of Data' },
  { name: 'Loyalty points', tier: 3, criticality: 'important', team: undefined, owner: undefined },
]

export const vendors = ['Paperplane EDI', 'Lanternfish AI', 'Ferryman Mail']

/** Namespaces and the team that owns what runs there. */
export const namespaces = {
  payments: 'Pay Core',
  checkout: 'Storefront',
  fraud: 'Risk ML',
  billing: 'FinOps',
  warehouse: 'Data Platform',
  mobile: 'Apps',
  backup: 'Site Reliability',
  crm: 'Revenue Operations',
  support: 'Customer Experience',
  partners: 'Logistics',
  orders: 'Storefront',
  search: 'Storefront',
  reporting: 'Data Platform',
  identity: 'Identity',
  loyalty: undefined,
  platform: 'Site Reliability',
}

/** `Pay Core` as a label value. Labels allow no blanks, so the keys of systems and teams are made of these. */
export const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
export const systemKey = (name) => keys.system(slug(name))
export const teamKey = (name) => keys.team(slug(name))
export const vendorKey = (name) => keys.vendor(slug(name))
