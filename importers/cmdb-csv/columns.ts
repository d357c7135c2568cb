/** What a column may tell. Everything else of a table is not taken. */
export const fields = [
  'name',
  'id',
  'class',
  'arn',
  'accessKey',
  'repository',
  'system',
  'dependsOn',
  'owner',
  'team',
  'onCall',
  'approver',
  'revoker',
  'criticality',
  'purpose',
  'environment',
  'lifecycle',
  'rotationRule',
  'lastRotatedAt',
  'expiresAt',
  'tolerance',
  'freezeWindows',
  'vendor',
  'vendorContact',
  'breakGlass',
] as const
export type Field = (typeof fields)[number]

export const isField = (name: string): name is Field => (fields as readonly string[]).includes(name)

/**
 * Names of columns by what they tell, written without case, blanks and signs. ServiceNow exports a column by its label
 * or by its name (`busines_criticality` is its own spelling); the others are what tables of people are headed with.
 * The first name of a field that a table has is taken, so the surer ones stand first.
 */
const names: readonly (readonly [Field, readonly string[]])[] = [
  [
    'name',
    [
      'name',
      'ciname',
      'configurationitem',
      'applicationname',
      'application',
      'servicename',
      'service',
      'asset',
      'component',
    ],
  ],
  ['id', ['sysid', 'ciid', 'correlationid', 'id', 'assettag', 'number', 'key']],
  ['class', ['sysclassname', 'class', 'ciclass', 'citype', 'type', 'category']],
  ['arn', ['arn', 'resourcearn', 'awsarn']],
  ['accessKey', ['accesskeyid', 'accesskey', 'awsaccesskeyid']],
  ['repository', ['repository', 'repo', 'githubrepository', 'repositoryurl', 'sourcerepository', 'gitrepository']],
  ['system', ['parentsystem', 'system', 'businessapplication', 'businessservice', 'parent', 'partof', 'usedfor']],
  ['dependsOn', ['dependson', 'dependencies', 'requires', 'upstream']],
  [
    'owner',
    ['businessowner', 'owner', 'ownedby', 'itapplicationowner', 'applicationowner', 'serviceowner', 'productowner'],
  ],
  [
    'team',
    ['supportgroup', 'team', 'managedbygroup', 'owningteam', 'ownerteam', 'assignmentgroup', 'squad', 'supportteam'],
  ],
  ['onCall', ['oncall', 'oncallgroup', 'oncallschedule', 'pagerduty', 'pagerdutyservice', 'escalation', 'opsgenie']],
  ['approver', ['approvalgroup', 'approver', 'approvedby', 'changecontrol', 'changegroup']],
  ['revoker', ['revoker', 'revokedby', 'custodian', 'securitycontact', 'credentialcustodian']],
  [
    'criticality',
    [
      'businesscriticality',
      'businesscriticalty',
      'businesscritcality',
      'busines_criticality',
      'criticality',
      'tier',
      'servicetier',
      'importance',
    ],
  ],
  ['purpose', ['shortdescription', 'purpose', 'description', 'comments']],
  ['environment', ['environment', 'env', 'uenvironment']],
  [
    'lifecycle',
    ['lifecyclestagestatus', 'lifecyclestage', 'lifecycle', 'operationalstatus', 'installstatus', 'status', 'state'],
  ],
  [
    'rotationRule',
    ['rotationrule', 'rotation', 'rotationpolicy', 'rotationperiod', 'rotationinterval', 'rotateevery', 'rotationdays'],
  ],
  ['lastRotatedAt', ['lastrotated', 'lastrotation', 'lastrotatedat', 'rotatedat']],
  ['expiresAt', ['expiry', 'expires', 'expiresat', 'expirydate', 'expirationdate', 'validto', 'validuntil', 'enddate']],
  [
    'tolerance',
    [
      'toleranceofinterruption',
      'maxdowntime',
      'maximumtolerabledowntime',
      'mtd',
      'tolerance',
      'rto',
      'recoverytimeobjective',
      'interruptiontolerance',
    ],
  ],
  [
    'freezeWindows',
    [
      'freezewindow',
      'freezewindows',
      'changefreeze',
      'freeze',
      'blackoutwindow',
      'blackoutschedule',
      'maintenanceschedule',
    ],
  ],
  ['vendor', ['vendor', 'supplier', 'manufacturer', 'provider', 'thirdparty']],
  ['vendorContact', ['vendorcontact', 'suppliercontact', 'vendorsupport', 'vendoremail', 'supportcontact']],
  ['breakGlass', ['breakglass', 'breakglassprocedure', 'emergencyaccess', 'isbreakglass']],
]

const isWord = (character: string): boolean =>
  (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')

const fieldOf = new Map(names.flatMap(([field, list]) => list.map((name) => [plain(name), field] as const)))
const rankOf = new Map(names.flatMap(([, list]) => list.map((name, rank) => [plain(name), rank] as const)))

/** Letters and digits alone, without case; a prefix that ServiceNow gives to a company's own columns (`u_`) goes. */
export function plain(header: string): string {
  let word = ''
  for (const character of header.toLowerCase()) if (isWord(character)) word += character
  return header.toLowerCase().startsWith('u_') ? word.slice(1) : word
}

/** Column number of each field that a header names; of two columns for one field the one with the surer name. */
export function proposed(header: readonly string[]): Map<Field, number> {
  const found = new Map<Field, number>()
  header.forEach((title, column) => {
    const word = plain(title)
    const field = fieldOf.get(word)
    if (field === undefined) return
    const other = found.get(field)
    if (other === undefined || rankOf.get(word)! < rankOf.get(plain(header[other]!))!) found.set(field, column)
  })
  return found
}

/** What decides that a table is one of these: it names things, and says something of them that nobody else says. */
export function isInventory(found: ReadonlyMap<Field, number>): boolean {
  const names = (['name', 'arn', 'accessKey', 'repository', 'system'] as const).some((field) => found.has(field))
  const tells = (
    [
      'owner',
      'team',
      'onCall',
      'criticality',
      'approver',
      'rotationRule',
      'vendorContact',
      'breakGlass',
      'tolerance',
    ] as const
  ).filter((field) => found.has(field))
  return names && tells.length > 0 && found.size >= 3
}
